//! The statements of lists of VPCs and VPC endpoints. Ids of `SourceVpc...` are told apart by how they
//! begin, and what begins otherwise is dropped (the translator's `_add_vpc_resource_policy_for_method`).

use super::grown::Grown;
use super::ids::Begins;
use super::plan::{Part, Place};
use super::statements::{Made, Maker, Refused, Result, Takes, is_parameter, refused};
use crate::resolve::{Item, Kind, Value};
use crate::syntax::{Node, Pair};

impl Maker<'_, '_, '_> {
    pub(super) fn vpcs(
        &mut self,
        part: &Part,
        lists: &[Option<Pair>; 3],
        operator: &'static str,
        made: Made,
        grown: &mut Grown,
    ) -> Result<()> {
        let place = &part.place;
        let mut given = lists.each_ref().map(Option::as_ref);
        for list in &mut given {
            if let Some(pair) = list
                && self.is_left_out(pair, place)?
            {
                *list = None;
            }
        }
        let [sorted, vpcs, endpoints] = given;
        let (mut in_vpcs, mut in_endpoints) = (Vec::new(), Vec::new());
        let mut dropped = Vec::new();
        // Some id is not known: what is made of the list in this world is no surprise.
        let mut guessed = false;
        if let Some(list) = sorted {
            let ids = match self.ids(list, place)? {
                Ok(ids) => ids,
                Err(refused) => return Ok(Err(refused)),
            };
            let nodes = list.value.as_list();
            for (index, value) in ids.into_iter().enumerate() {
                let written = value.origin;
                let known = value.known_text();
                guessed |= known.is_none();
                let node = nodes.and_then(|nodes| nodes.get(index));
                let begins = match &known {
                    Some(text) => Some(Begins::of(text)),
                    None => self.begins(node, &value, place, list.key.span)?,
                };
                let by = value.hole();
                let value = self.through(value, list.key.span, made.deny);
                match (begins, known) {
                    (Some(Begins::Endpoint), _) => in_endpoints.push(Item::One(value)),
                    (Some(Begins::Vpc), _) => in_vpcs.push(Item::One(value)),
                    (Some(Begins::Otherwise), Some(text)) => dropped.push((text, written)),
                    (Some(Begins::Otherwise), None) => {}
                    // The start of its text decides what becomes of it.
                    (None, _) => {
                        let why = "what becomes of an id hangs on its text, which is not known";
                        return Ok(Err(Refused { at: list.key.span, why, by }));
                    }
                }
            }
        }
        for (list, out) in [(vpcs, &mut in_vpcs), (endpoints, &mut in_endpoints)] {
            let Some(list) = list else { continue };
            match self.items(list, place, made.deny, Takes::Ids)? {
                Ok(items) => out.extend(items),
                Err(refused) => return Ok(Err(refused)),
            }
        }
        let first = sorted.or(vpcs).or(endpoints).map(|list| list.key.span);
        let Some(first) = first else { return Ok(Ok(())) };
        let mut keys = Vec::new();
        for (name, items, own) in
            [("aws:SourceVpc", in_vpcs, vpcs), ("aws:SourceVpce", in_endpoints, endpoints)]
        {
            if items.is_empty() {
                continue;
            }
            let at = own.or(sorted).map_or(first, |list| list.key.span);
            let value = self.value(Kind::List(items.into()), at, place, made.deny);
            keys.push((name, value));
        }
        if let Some(list) = sorted.filter(|_| !dropped.is_empty()) {
            self.dropped(list, dropped, guessed || !keys.is_empty());
        }
        match &*keys {
            [] => return Ok(Ok(())),
            [(_, vpcs), (_, endpoints)] if operator == "StringEquals" && !guessed => {
                self.together([vpcs, endpoints]);
            }
            _ => {}
        }
        self.guard(part, first, operator, keys, made, grown)
    }

    /// The ids of a list of `SourceVpc...`.
    fn ids(&mut self, list: &Pair, place: &Place) -> Result<Vec<Value>> {
        let mut out = Vec::new();
        if let Some(nodes) = list.value.as_list() {
            for node in nodes.iter() {
                match self.id(node, place)? {
                    Ok(value) => out.push(value),
                    Err(refused) => return Ok(Err(refused)),
                }
            }
            return Ok(Ok(out));
        }
        let why = "it must be a list of ids";
        if !place.extended {
            return Ok(refused(list, why));
        }
        let scope = self.reader.resource.scope.clone();
        let value = self.reader.unit.eval(&list.value, &scope, self.world)?;
        let Kind::List(items) = value.kind else { return Ok(refused(list, why)) };
        let one = |item: &Item| match item {
            Item::One(value) => Some(value.clone()),
            Item::Many(..) => None,
        };
        Ok(items.iter().map(one).collect::<Option<_>>().map_or_else(|| refused(list, why), Ok))
    }

    /// An id of `SourceVpc...`: text, or a parameter where those are resolved before.
    fn id(&mut self, node: &Node, place: &Place) -> Result<Value> {
        let parameter = place.resolved && is_parameter(node);
        let scope = self.reader.resource.scope.clone();
        let value = self.reader.unit.eval(node, &scope, self.world)?;
        let known = place.extended && value.known_text().is_some();
        if node.as_text().is_none() && !parameter && !known {
            let why =
                "SourceVpc lists take text; IntrinsicVpc and IntrinsicVpce lists take functions";
            return Ok(Err(Refused { at: node.span, why, by: None }));
        }
        Ok(Ok(value))
    }
}
