//! Every origin in a policy and in the methods of an API, to be changed: what they say is one thing, where
//! it stands another.

use super::{
    ActionElement, Condition, EffectElement, Entry, Leaf, Origin, Policy, PrincipalElement,
    PrincipalItem, Principals, ResourceElement, Route, Routes, Statement, Version,
};

type Origins<'a> = Vec<&'a mut Origin>;

impl Policy {
    /// Its origins, in the order of its elements.
    pub fn origins_mut(&mut self) -> Vec<&mut Origin> {
        let Self { version, statements, origin, size: _ } = self;
        let mut out = vec![origin];
        match version {
            Version::Missing => {}
            Version::V2008(origin) | Version::V2012(origin) => out.push(origin),
            Version::Other(other) => leaf(other, &mut out),
        }
        entries(statements, &mut out, statement);
        out
    }
}

impl Routes {
    /// Its origins, in the order of its methods.
    pub fn origins_mut(&mut self) -> Vec<&mut Origin> {
        let Self { declared, complete: _, stages: _ } = self;
        let mut out = Vec::new();
        for Route { method: _, path: _, auth: _, origin, api_key } in declared {
            out.push(origin);
            out.extend(api_key);
        }
        out
    }
}

fn entries<'a, T>(
    entries: &'a mut [Entry<T>],
    out: &mut Origins<'a>,
    one: fn(&'a mut T, &mut Origins<'a>),
) {
    for entry in entries {
        match entry {
            Entry::One(value) => one(value, out),
            Entry::Many(_, origin) => out.push(origin),
        }
    }
}

fn leaf<'a>(leaf: &'a mut Leaf, out: &mut Origins<'a>) {
    let Leaf { parts: _, origin } = leaf;
    out.push(origin);
}

fn statement<'a>(statement: &'a mut Statement, out: &mut Origins<'a>) {
    let Statement {
        sid,
        effect,
        principal,
        action,
        resource,
        conditions,
        condition_origin,
        origin,
    } = statement;
    out.push(origin);
    out.extend(condition_origin);
    if let Some(sid) = sid {
        leaf(sid, out);
    }
    match effect {
        EffectElement::Known(_, origin) => out.push(origin),
        EffectElement::Missing => {}
        EffectElement::Other(other) => leaf(other, out),
    }
    match principal {
        PrincipalElement::Missing => {}
        PrincipalElement::Principal(whom) => principals(whom, out),
        PrincipalElement::NotPrincipal(whom, origin) => {
            out.push(origin);
            principals(whom, out);
        }
    }
    let ActionElement { negated: _, items, origin } = action;
    out.extend(origin);
    entries(items, out, leaf);
    let ResourceElement { negated: _, items, origin } = resource;
    out.extend(origin);
    entries(items, out, leaf);
    entries(conditions, out, condition);
}

fn principals<'a>(principals: &'a mut Principals, out: &mut Origins<'a>) {
    let Principals { items, origin } = principals;
    out.push(origin);
    entries(items, out, |PrincipalItem { kind: _, value }, out| leaf(value, out));
}

fn condition<'a>(condition: &'a mut Condition, out: &mut Origins<'a>) {
    let Condition { operator: _, operator_name, key: _, key_name, values, origin } = condition;
    out.push(origin);
    leaf(operator_name, out);
    leaf(key_name, out);
    entries(values, out, leaf);
}
