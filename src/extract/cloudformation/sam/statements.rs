//! The statements of a plan, in one world.
//!
//! A generated statement is a value like one that somebody wrote; its tokens are those of the
//! property that caused it, and a step of their way says what was made of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::definition::Definition;
use super::grown::Grown;
use super::plan::{self, Guard, Part, PartKind, Place, Plan};
use super::surprises::Surprises;
use crate::extract::cloudformation::api::Reader;
use crate::resolve::cloudformation::build;
use crate::resolve::cloudformation::form::Form;
use crate::resolve::{Item, Kind, NeedSplit, SymbolId, Value, World};
use crate::source::Span;
use crate::syntax::{self, Node, Pair};

/// Why no statements can be told.
pub(super) struct Refused {
    pub(super) at: Span,
    pub(super) why: &'static str,
    /// The value that decides, where it is only not known.
    pub(super) by: Option<SymbolId>,
}

/// Makes statements.
pub(super) struct Maker<'m, 'r, 'a> {
    pub(super) reader: &'m mut Reader<'r, 'a>,
    pub(super) world: &'m World,
    pub(super) definition: &'m Definition,
    pub(super) plan: &'m Plan,
    /// The stage of the API.
    pub(super) stage: &'m str,
    /// Whether the API is a private one for certain.
    pub(super) private: bool,
    /// The resources of a path, by its number and the key that stands for them.
    pub(super) resources: BTreeMap<(usize, Option<Arc<str>>, Span), Value>,
    /// What the lists are turned into that their names do not say.
    pub(super) surprises: Surprises,
}

/// What stands in the place of a list.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// A list, or a function that becomes its only item.
    Accounts,
    /// A list; anything else becomes its only item.
    Networks,
    /// A list.
    Ids,
}

/// What is made of a list.
#[derive(Clone, Copy)]
pub(super) struct Made {
    pub(super) allow: &'static str,
    pub(super) deny: &'static str,
}

const ACCOUNT_ALLOW: &str = "AWS SAM makes an Allow for these accounts of it";
const ACCOUNT_DENY: &str = "AWS SAM makes a Deny for these accounts of it";

pub(super) type Result<T> = std::result::Result<std::result::Result<T, Refused>, NeedSplit>;

impl Maker<'_, '_, '_> {
    /// Adds the statements of `part` to `grown`.
    pub(super) fn add(&mut self, part: &Part, grown: &mut Grown) -> Result<()> {
        let place = &part.place;
        for guard in part.guards.iter() {
            if !self.holds(guard)? {
                return Ok(Ok(()));
            }
        }
        match &part.kind {
            PartKind::Custom(pair) => self.custom(pair, place, grown),
            PartKind::Accounts { list, .. } | PartKind::Networks { list, .. }
                if self.is_left_out(list, place)? =>
            {
                Ok(Ok(()))
            }
            PartKind::Accounts { list, allow } => {
                let (effect, made) =
                    if *allow { ("Allow", ACCOUNT_ALLOW) } else { ("Deny", ACCOUNT_DENY) };
                let items = match self.items(list, place, made, Takes::Accounts)? {
                    Ok(items) => items,
                    Err(refused) => return Ok(Err(refused)),
                };
                let key = list.key.span;
                if *allow {
                    self.surprises.accounts.insert((part.path, key));
                }
                let listed = self.value(Kind::List(items.into()), key, place, made);
                let principal = self.map(vec![("AWS", listed)], key, place, made);
                let resource = self.resource(part.path, key, place, made)?;
                let statement = self.statement(effect, principal, resource, None, key, place, made);
                grown.push(statement, false);
                Ok(Ok(()))
            }
            PartKind::Networks { list, white } => {
                let made = if *white {
                    Made {
                        allow: "AWS SAM adds this Allow to the list",
                        deny: "AWS SAM makes a Deny NotIpAddress of it",
                    }
                } else {
                    Made {
                        allow: "AWS SAM adds this Allow to the list",
                        deny: "AWS SAM makes a Deny IpAddress of it",
                    }
                };
                let items = match self.items(list, place, made.deny, Takes::Networks)? {
                    Ok(items) => items,
                    Err(refused) => return Ok(Err(refused)),
                };
                let operator = if *white { "NotIpAddress" } else { "IpAddress" };
                let key = list.key.span;
                let values = self.value(Kind::List(items.into()), key, place, made.deny);
                let keys = vec![("aws:SourceIp", values)];
                self.guard(part, key, operator, keys, made, grown)
            }
            PartKind::Vpcs { lists, white } => {
                let made = if *white {
                    Made {
                        allow: "AWS SAM adds this Allow to the list",
                        deny: "AWS SAM makes a Deny StringNotEquals of it",
                    }
                } else {
                    Made {
                        allow: "AWS SAM adds this Allow to the list",
                        deny: "AWS SAM makes a Deny StringEquals of it",
                    }
                };
                let operator = if *white { "StringNotEquals" } else { "StringEquals" };
                self.vpcs(part, lists, operator, made, grown)
            }
        }
    }

    /// An Allow to everyone, and a Deny with a condition.
    pub(super) fn guard(
        &mut self,
        part: &Part,
        key: Span,
        operator: &'static str,
        keys: Vec<(&'static str, Value)>,
        made: Made,
        grown: &mut Grown,
    ) -> Result<()> {
        let place = &part.place;
        self.surprises.opened.entry(part.path).or_insert(key);
        for deny in [false, true] {
            let (effect, words) = if deny { ("Deny", made.deny) } else { ("Allow", made.allow) };
            let condition = deny.then(|| {
                let block = self.map(keys.clone(), key, place, words);
                self.map(vec![(operator, block)], key, place, words)
            });
            let everyone = self.text("*", key, place, words);
            let resource = self.resource(part.path, key, place, words)?;
            let statement =
                self.statement(effect, everyone, resource, condition, key, place, words);
            grown.push(statement, true);
        }
        Ok(Ok(()))
    }

    /// Whether a condition that is resolved before AWS SAM looks is as it must be.
    fn holds(&mut self, guard: &Guard) -> std::result::Result<bool, NeedSplit> {
        let scope = self.reader.resource.scope.clone();
        let holds = self.reader.unit.condition_in(&guard.condition, &scope, self.world)?;
        Ok((holds == Some(true)) == guard.holds)
    }

    /// Whether a function that is resolved before AWS SAM looks takes the list away.
    pub(super) fn is_left_out(
        &mut self,
        list: &Pair,
        place: &Place,
    ) -> std::result::Result<bool, NeedSplit> {
        if !place.extended || matches!(Form::of(&list.value), Form::Plain) {
            return Ok(false);
        }
        let scope = self.reader.resource.scope.clone();
        let value = self.reader.unit.eval(&list.value, &scope, self.world)?;
        Ok(match value.kind {
            Kind::Null => true,
            Kind::List(items) => items.is_empty(),
            _ => false,
        })
    }

    fn custom(&mut self, pair: &Pair, place: &Place, grown: &mut Grown) -> Result<()> {
        if self.is_left_out(pair, place)? {
            return Ok(Ok(()));
        }
        let scope = self.reader.resource.scope.clone();
        let value = self.reader.unit.eval(&pair.value, &scope, self.world)?;
        if grown.origin.is_none() {
            *grown = Grown::of(Some(value));
            grown.changed = true;
            return Ok(Ok(()));
        }
        let written = matches!(pair.value.kind, syntax::Kind::List(_)) || place.extended;
        match &value.kind {
            Kind::List(items) if written => {
                for item in items.iter() {
                    match item {
                        Item::One(statement) => grown.push(statement.clone(), true),
                        Item::Many(..) => grown.push_item(item.clone()),
                    }
                }
            }
            // A function in the place of the list becomes one element, whatever it evaluates to.
            _ => grown.push(value, true),
        }
        Ok(Ok(()))
    }

    /// The items of a list that the translator hands on. Anything but a list becomes its only item,
    /// except where an API names a list parameter: that one was resolved before.
    pub(super) fn items(
        &mut self,
        list: &Pair,
        place: &Place,
        made: &'static str,
        takes: Takes,
    ) -> Result<Vec<Item>> {
        let scope = self.reader.resource.scope.clone();
        let value = self.reader.unit.eval(&list.value, &scope, self.world)?;
        let is_list = list.value.as_list().is_some();
        let parameter = place.resolved && is_parameter(&list.value);
        let function = !parameter && !matches!(Form::of(&list.value), Form::Plain);
        let resolved = parameter || place.extended;
        let items: Vec<Item> = match &value.kind {
            Kind::List(items) if is_list || resolved => items.to_vec(),
            Kind::Symbol(id) if parameter => vec![Item::Many(*id, value.origin)],
            // Of a function the translator takes the name for an id.
            _ if takes == Takes::Ids => {
                return Ok(refused(list, "it takes a list, and no function in its place"));
            }
            _ if takes == Takes::Accounts && !function => {
                return Ok(refused(list, "it takes a list"));
            }
            Kind::Null => Vec::new(),
            _ => vec![Item::One(value)],
        };
        let key = list.key.span;
        let items = items.into_iter().map(|item| match item {
            Item::One(value) => Item::One(self.through(value, key, made)),
            Item::Many(id, origin) => Item::Many(id, self.step(key, made, origin)),
        });
        Ok(Ok(items.collect()))
    }

    /// The resources of the path number `path`.
    fn resource(
        &mut self,
        path: usize,
        key: Span,
        place: &Place,
        made: &'static str,
    ) -> std::result::Result<Value, NeedSplit> {
        let cached = (path, place.stage.clone(), key);
        if let Some(known) = self.resources.get(&cached) {
            let value = known.clone();
            return Ok(Value { origin: self.generated(key, place, made), ..value });
        }
        let stage = place.stage.as_deref().unwrap_or(self.stage).to_owned();
        let item = self.definition.paths.get(path);
        let mut items = Vec::new();
        for resource in item.map_or(Vec::new(), |item| plan::resources(item, place.resolved)) {
            let value = if resource.contains("${") {
                self.substituted(&format!("execute-api:/${{__Stage__}}/{resource}"), &stage, key)?
            } else {
                let text = format!("execute-api:/{stage}/{resource}");
                self.text(&text, key, place, made)
            };
            let origin = self.generated(key, place, made);
            items.push(Item::One(Value { origin, ..value }));
        }
        let value = self.value(Kind::List(items.into()), key, place, made);
        self.resources.insert(cached, value.clone());
        Ok(value)
    }

    /// A resource of a path that holds a `${}` of its own: the translator writes it as `Fn::Sub`.
    fn substituted(
        &mut self,
        text: &str,
        stage: &str,
        at: Span,
    ) -> std::result::Result<Value, NeedSplit> {
        let names = build::map(vec![("__Stage__", build::text(stage, at))], at);
        let arguments = build::list(vec![build::text(text, at), names], at);
        let sub = build::call("Fn::Sub", arguments, at);
        let scope = self.reader.resource.scope.clone();
        self.reader.unit.eval(&sub, &scope, self.world)
    }
}

/// Whether a value is a reference that the translator resolves: one to a parameter of the template.
pub(super) fn is_parameter(node: &Node) -> bool {
    matches!(Form::of(node), Form::Call("Ref", name)
        if name.scalar().is_some_and(|name| !name.starts_with("AWS::")))
}

pub(super) fn refused<T>(list: &Pair, why: &'static str) -> std::result::Result<T, Refused> {
    Err(Refused { at: list.key.span, why, by: None })
}
