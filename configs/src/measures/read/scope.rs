//! Whom a measure concerns and at which rates.

use super::super::instruments::MeasureKind;
use super::super::measure::{CodeSet, Codes, Rates, looks_like_percent};
use super::Reader;
use crate::reading::{Node, Value, did_you_mean, join};
use crate::units::{accepted, conversion};

/// Smallest and largest rate of any measure.
const RATE_RANGE: (f64, f64) = (-1.0, 10.0);

/// A set as written and the places it stands for.
struct ReadSet {
    written: CodeSet,
    places: Vec<usize>,
    /// Places named by their own code, with where.
    named: Vec<(usize, Node)>,
}

/// Rates as written and as (exporter or region, product or industry) entries, with the node of each.
struct ReadRates {
    written: Rates,
    entries: Vec<(Option<usize>, Option<usize>, f64)>,
}

type PlaceLookup = fn(&Codes, &str) -> Option<Vec<usize>>;

/// Members of a set: as written, as places, and those named by their own code.
type Members = (Vec<String>, Vec<usize>, Vec<(usize, Node)>);

/// Cells with their rates, the three sets as written, the rates as written.
pub(super) type Scope = (Vec<(u32, f64)>, [CodeSet; 3], Rates);

impl Reader<'_, '_> {
    /// The cells a measure covers and their rates, with the sets and rates as written.
    pub(super) fn scope(&mut self, kind: MeasureKind) -> Option<Scope> {
        let (first_key, product_key) =
            if kind.on_imports() { ("importers", "products") } else { ("regions", "industries") };
        let place: PlaceLookup = if kind.by_area() { Codes::area } else { Codes::region };
        let rates = self.rates(kind, place);
        let by_first = matches!(rates.as_ref().map(|rates| &rates.written), Some(Rates::ByFirst(_) | Rates::ByBoth(_)));
        let by_both = matches!(rates.as_ref().map(|rates| &rates.written), Some(Rates::ByBoth(_)));
        let first =
            if by_first && !kind.on_imports() { self.absent(first_key) } else { self.set(first_key, place, None) };
        let exporters = match (kind.on_imports(), by_first) {
            (true, false) => self.set("exporters", Codes::region, kind.instrument().exporters),
            (true, true) => self.absent("exporters"),
            _ => Some(ReadSet::empty()),
        };
        let products = match (kind.on_regions(), by_both) {
            (true, _) => Some(ReadSet::empty()),
            (_, true) => self.absent(product_key),
            _ => self.set(product_key, Codes::product, kind.instrument().products),
        };
        let (rates, first, exporters, products) = (rates?, first?, exporters?, products?);
        self.check_goods(kind, &products);
        if kind.instrument().manufacturing && products.places.iter().any(|&g| !self.codes.manufacturing[g]) {
            let message = format!("{} is of manufacturing", kind.instrument().names[0]);
            let remedy = "name industries of manufacturing, or write `industries = \"manufacturing\"`";
            self.problems.report(self.table.span.clone(), &self.key("industries"), message, remedy);
        }
        if let Some((.., rate)) = rates.entries.iter().find(|x| kind.is_share() && !(0.0..=1.0).contains(&x.2)) {
            let message = format!("a share of {rate}");
            let remedy = "give a share between 0 and 1: a tenth is 0.1";
            self.problems.report(self.table.span.clone(), self.path, message, remedy);
        }
        self.check_self(kind, &first, &exporters, &rates);
        let mut cells = self.cells(kind, &first, &exporters, &products, &rates);
        cells.sort_by_key(|(cell, _)| *cell);
        if let Some(pair) = cells.windows(2).find(|x| x[0].0 == x[1].0 && x[0].1.to_bits() != x[1].1.to_bits()) {
            let (place, [a, b]) = (self.codes.cell_name(kind, pair[0].0 as usize), [pair[0].1, pair[1].1]);
            let message = format!("two rates for {place}: {a} and {b}");
            let remedy = "name each place once, itself or in a group, or split the measure";
            self.problems.report(self.table.span.clone(), &self.key("rates"), message, remedy);
        }
        cells.dedup_by_key(|(cell, _)| *cell);
        if cells.is_empty() {
            let span = self.table.span.clone();
            self.problems.report(span, self.path, "the measure covers nothing", "widen its regions or products");
        }
        Some((cells, [first.written, exporters.written, products.written], rates.written))
    }

    fn cells(
        &self,
        kind: MeasureKind,
        first: &ReadSet,
        exporters: &ReadSet,
        products: &ReadSet,
        rates: &ReadRates,
    ) -> Vec<(u32, f64)> {
        let (regions, industries) = (self.codes.regions.len(), self.codes.industries.len());
        let taxable = |g: usize| !kind.is_duty() || self.codes.goods[g];
        let mut cells = Vec::new();
        for (region, product, rate) in &rates.entries {
            let given = |place: &Option<usize>, set: &ReadSet| place.map_or(set.places.clone(), |place| vec![place]);
            let industry_places = given(product, products);
            if kind.on_imports() {
                for importer in &first.places {
                    for exporter in given(region, exporters).into_iter().filter(|exporter| exporter != importer) {
                        let pair = importer * regions + exporter;
                        let taxed = industry_places.iter().filter(|g| taxable(**g));
                        cells.extend(taxed.map(|g| ((pair * industries + g) as u32, *rate)));
                    }
                }
            } else if kind.on_regions() {
                cells.extend(given(region, first).into_iter().map(|r| (r as u32, *rate)));
            } else {
                for r in given(region, first) {
                    cells.extend(industry_places.iter().map(|g| ((r * industries + g) as u32, *rate)));
                }
            }
        }
        cells
    }

    /// Reports a set that is given twice: by its key and by the table of rates.
    fn absent(&mut self, key: &str) -> Option<ReadSet> {
        if let Some(node) = self.table.get(key) {
            let message = format!("`{key}` is already given by the table of rates");
            self.problems.report(node.span.clone(), &self.key(key), message, "remove one of the two");
            return None;
        }
        Some(ReadSet::empty())
    }

    fn set(&mut self, key: &str, lookup: PlaceLookup, default: Option<&str>) -> Option<ReadSet> {
        let path = self.key(key);
        let Some(node) = self.table.get(key) else {
            let Some(default) = default else {
                self.required(key, &format!("add `{key} = \"all\"` or a list of codes"));
                return None;
            };
            let places = lookup(self.codes, default).unwrap_or_default();
            let written = CodeSet { base: vec![default.to_owned()], except: Vec::new() };
            return Some(ReadSet { written, places, named: Vec::new() });
        };
        let Value::Table(table) = &node.value else {
            let (base, places, named) = self.members(node, &path, lookup)?;
            return Some(ReadSet { written: CodeSet { base, except: Vec::new() }, places, named });
        };
        table.reject_unknown(&["set", "except"], &path, self.problems);
        let set = table.require("set", &path, "add `set = \"all\"`", self.problems);
        let except = table.require("except", &path, "add `except = [..]`", self.problems);
        let (base, mut places, named) = self.members(set?, &path, lookup)?;
        let (except, left_out, _) = self.members(except?, &path, lookup)?;
        places.retain(|place| !left_out.contains(place));
        Some(ReadSet { written: CodeSet { base, except }, places, named })
    }

    /// Codes or group names of a string or list: as written, as places, and which were named by code.
    fn members(&mut self, node: &Node, path: &str, lookup: PlaceLookup) -> Option<Members> {
        let single = [node.clone()];
        let items: &[Node] = if let Value::List(items) = &node.value { items } else { &single };
        let (mut written, mut places, mut named) = (Vec::new(), Vec::new(), Vec::new());
        for item in items {
            let name = item.text(path, self.problems)?;
            let found = self.lookup(name, item, path, lookup)?;
            if let ([place], false) = (found.as_slice(), name.starts_with("all") || name == "manufacturing") {
                named.push((*place, item.clone()));
            }
            written.push(name.to_owned());
            places.extend(found);
        }
        places.sort_unstable();
        places.dedup();
        Some((written, places, named))
    }

    fn lookup(&mut self, name: &str, node: &Node, path: &str, lookup: PlaceLookup) -> Option<Vec<usize>> {
        let found = lookup(self.codes, name);
        if found.is_none() {
            let regions = lookup(self.codes, "manufacturing").is_none();
            let (what, known) =
                if regions { ("region", &self.codes.regions) } else { ("product", &self.codes.industries) };
            let areas = self.codes.areas.iter().map(|area| area.0.as_str());
            // A region that is not divided is an area of its own name.
            let new = |code: &&str| !known.iter().any(|known| known == code) && lookup(self.codes, code).is_some();
            let areas = areas.filter(|code| regions && new(code));
            let groups: &[&str] =
                if regions { &["all"] } else { &["all", "all-goods", "all-services", "manufacturing"] };
            let names = known.iter().map(String::as_str).chain(areas).chain(groups.iter().copied());
            let remedy = did_you_mean(name, names);
            self.problems.report(node.span.clone(), path, format!("unknown {what} `{name}`"), remedy);
        }
        found
    }

    fn rate(&mut self, kind: MeasureKind, node: &Node, path: &str) -> Option<f64> {
        let rate = if let Value::Table(table) = &node.value {
            table.reject_unknown(&["value", "unit"], path, self.problems);
            let value = table.require("value", path, "add `value = ..`", self.problems)?.number(path, self.problems)?;
            let unit = table.require("unit", path, "add `unit = \"percent\"`", self.problems)?;
            let given = unit.text(path, self.problems)?;
            let Some(factor) = conversion(given, "fraction") else {
                let remedy = format!("use one of: {}", accepted("fraction").join(", "));
                self.problems.report(
                    unit.span.clone(),
                    path,
                    format!("wrong unit `{given}`, expected `fraction`"),
                    remedy,
                );
                return None;
            };
            value * factor
        } else {
            node.number(path, self.problems)?
        };
        if rate < RATE_RANGE.0 || rate > RATE_RANGE.1 {
            let remedy = "rates are fractions, from -1 to 10: 10 percent is 0.1, or { value = 10, unit = \"percent\" }";
            self.problems.report(node.span.clone(), path, format!("rate {rate} is out of range"), remedy);
            return None;
        }
        if !matches!(node.value, Value::Table(_)) && looks_like_percent(kind, rate) && !kind.is_share() {
            let message = format!("rate {rate} is {} percent", rate * 100.0);
            let remedy = format!(
                "rates are fractions: write {} if {rate} percent is meant, else {{ value = {rate}, unit = \"ratio\" }}",
                (rate * 1e10).round() / 1e12
            );
            self.problems.report(node.span.clone(), path, message, remedy);
            return None;
        }
        if let Some((low, high, why)) = kind.instrument().bounds
            && !(low..=high).contains(&rate)
        {
            self.problems.report(node.span.clone(), path, format!("rate {rate} is out of range"), why);
            return None;
        }
        Some(rate)
    }

    /// The rate or the table of rates.
    fn rates(&mut self, kind: MeasureKind, place: PlaceLookup) -> Option<ReadRates> {
        if kind.is_ban() {
            return Some(ReadRates { written: Rates::None, entries: vec![(None, None, 1.0)] });
        }
        match (self.table.get("rate"), self.table.get("rates")) {
            (Some(node), None) => {
                let rate = self.rate(kind, node, &self.key("rate"))?;
                Some(ReadRates { written: Rates::One(rate), entries: vec![(None, None, rate)] })
            }
            (None, Some(node)) => self.rate_table(kind, node, place),
            (Some(_), Some(node)) => {
                self.problems.report(
                    node.span.clone(),
                    &self.key("rates"),
                    "both `rate` and `rates`",
                    "keep one of the two",
                );
                None
            }
            (None, None) => {
                self.required("rate", "add `rate = 0.1`, or a table `rates`");
                None
            }
        }
    }

    fn rate_table(&mut self, kind: MeasureKind, node: &Node, place: PlaceLookup) -> Option<ReadRates> {
        let path = self.key("rates");
        let table = node.table(&path, self.problems)?;
        let (mut flat, mut nested, mut entries) = (Vec::new(), Vec::new(), Vec::new());
        for entry in &table.entries {
            let key_node = Node { span: entry.key_span.clone(), value: Value::Text(entry.key.clone()) };
            let path = join(&path, &entry.key);
            let regions = self.lookup(&entry.key, &key_node, &path, place)?;
            match &entry.node.value {
                Value::Table(products) if products.get("value").is_none() => {
                    let mut row = Vec::new();
                    for product in &products.entries {
                        let key_node = Node { span: product.key_span.clone(), value: Value::Text(product.key.clone()) };
                        let path = join(&path, &product.key);
                        let places = self.lookup(&product.key, &key_node, &path, Codes::product)?;
                        let rate = self.rate(kind, &product.node, &path)?;
                        row.push((product.key.clone(), rate));
                        for region in &regions {
                            entries.extend(places.iter().map(|place| (Some(*region), Some(*place), rate)));
                        }
                    }
                    nested.push((entry.key.clone(), row));
                }
                _ => {
                    let rate = self.rate(kind, &entry.node, &path)?;
                    flat.push((entry.key.clone(), rate));
                    entries.extend(regions.into_iter().map(|region| (Some(region), None, rate)));
                }
            }
        }
        if !flat.is_empty() && !nested.is_empty() {
            let message = "some rates are by product and some are not";
            self.problems.report(node.span.clone(), &path, message, "give all by product, or split the measure");
            return None;
        }
        let written = if nested.is_empty() { Rates::ByFirst(flat) } else { Rates::ByBoth(nested) };
        Some(ReadRates { written, entries })
    }

    /// Services bear no duty.
    fn check_goods(&mut self, kind: MeasureKind, products: &ReadSet) {
        for (place, node) in products.named.iter().filter(|(place, _)| kind.is_duty() && !self.codes.goods[*place]) {
            let message = format!("`{}` is a service and bears no duty", self.codes.industries[*place]);
            self.problems.report(node.span.clone(), &self.key("products"), message, "name goods only");
        }
    }

    /// A region cannot be named as importer and as exporter of one measure.
    fn check_self(&mut self, kind: MeasureKind, importers: &ReadSet, exporters: &ReadSet, rates: &ReadRates) {
        if !kind.on_imports() {
            return;
        }
        let remedy = "a region cannot act on imports from itself; use two measures for mutual ones";
        for (place, node) in &importers.named {
            let in_rates = rates.entries.iter().any(|(region, _, _)| *region == Some(*place));
            if in_rates || exporters.named.iter().any(|(exporter, _)| exporter == place) {
                let message = format!("`{}` is both importer and exporter", self.codes.regions[*place]);
                self.problems.report(node.span.clone(), &self.key("importers"), message, remedy);
            }
        }
    }
}

impl ReadSet {
    fn empty() -> Self {
        Self { written: CodeSet::default(), places: Vec::new(), named: Vec::new() }
    }
}
