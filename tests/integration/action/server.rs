//! The downloads of releases, on this machine.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// A server that has some files of releases. As on GitHub, a download is redirected.
pub(super) struct Server {
    url: String,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// A server whose repository `owner/name` has those files, named `v1.2.3/name.tar.gz`.
    pub(super) fn new(repository: &str, files: BTreeMap<String, Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address");
        let prefix = format!("/{repository}/releases/download/");
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                // A client that went away is no matter of the server's.
                let _ = stream.and_then(|stream| answer(stream, &prefix, &files));
            }
        });
        Self { url: format!("http://{address}"), stop, thread: Some(thread) }
    }

    /// What stands for `https://github.com`.
    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // It waits for a connection.
        let _ = TcpStream::connect(self.url.trim_start_matches("http://"));
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn answer(
    mut stream: TcpStream,
    prefix: &str,
    files: &BTreeMap<String, Vec<u8>>,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let path = request.split(' ').nth(1).unwrap_or("");
    let released = path.strip_prefix(prefix).filter(|name| files.contains_key(*name));
    let stored = path.strip_prefix("/objects/").and_then(|name| files.get(name));
    let (status, body) = match (released, stored) {
        (Some(name), _) => (format!("302 Found\r\nLocation: /objects/{name}"), &[][..]),
        (None, Some(body)) => ("200 OK".to_owned(), body.as_slice()),
        (None, None) => ("404 Not Found".to_owned(), &b"Not Found"[..]),
    };
    let length = body.len();
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")?;
    stream.write_all(body)
}
