//! Contract: nothing is too large to be read. A function has at most 80 lines, a file at most 500, a system at most 8 parameters,
//! with no exceptions; what is larger has parts that want a name.

use std::collections::BTreeSet;

use tests::sources::sources;

/// Lines of a function, from its `fn` to its closing brace.
const FUNCTION: usize = 80;
/// Lines of a file.
const FILE: usize = 500;
/// Parameters of a system, those in a tuple one by one, and of any other function.
const PARAMETERS: usize = 8;

/// Files that may be longer, with the reason: generated ones, and plain tables of data. So far there are none.
const LONGER: [(&str, &str); 0] = [];

/// Length of the literal or comment that a text begins with, 0 if it begins with code.
fn not_code(text: &str) -> usize {
    let upto = |start: usize, end: &str| text[start..].find(end).map_or(text.len(), |at| start + at + end.len());
    let quoted = |start: usize, quote: char| {
        let mut escaped = false;
        for (at, c) in text[start..].char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                c if c == quote => return start + at + 1,
                _ => {}
            }
        }
        text.len()
    };
    let raw = text.strip_prefix('r').map(|rest| rest.len() - rest.trim_start_matches('#').len());
    match raw {
        Some(hashes) if text[1 + hashes..].starts_with('"') => {
            return upto(2 + hashes, &format!("\"{}", "#".repeat(hashes)));
        }
        _ => {}
    }
    let mut next = text.chars().skip(1);
    match text.chars().next() {
        Some('/') if text.starts_with("//") => text.find('\n').unwrap_or(text.len()),
        Some('/') if text.starts_with("/*") => upto(2, "*/"),
        Some('"') => quoted(1, '"'),
        // A letter between quotes, or after a backslash; else a lifetime.
        Some('\'') if next.next() == Some('\\') || next.next() == Some('\'') => quoted(1, '\''),
        _ => 0,
    }
}

/// A source with nothing but line ends in place of its comments and literals.
fn code(source: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    while let Some(c) = source[at..].chars().next() {
        let skipped = not_code(&source[at..]);
        if skipped > 0 {
            out.extend(source[at..at + skipped].chars().map(|c| if c == '\n' { '\n' } else { ' ' }));
            at += skipped;
        } else {
            out.push(c);
            at += c.len_utf8();
        }
    }
    out
}

/// Parts of a list between commas outside of all brackets.
fn parts(list: &str) -> Vec<&str> {
    let (mut depth, mut before) = (0, ' ');
    let items = list.split(|c| {
        depth += i32::from("([{<".contains(c)) - i32::from(")]}".contains(c) || c == '>' && before != '-');
        before = c;
        c == ',' && depth == 0
    });
    items.map(str::trim).filter(|item| !item.is_empty()).collect()
}

/// Where the bracket that a text begins with is closed.
fn closing(text: &str, [open, close]: [char; 2]) -> Option<usize> {
    let mut depth = 0;
    text.char_indices().find_map(|(at, c)| {
        depth += i32::from(c == open) - i32::from(c == close);
        (depth == 0).then_some(at)
    })
}

/// A function with a body.
struct Function<'a> {
    name: &'a str,
    /// Line of its `fn`, from 1, and how many it has.
    line: usize,
    lines: usize,
    parameters: Vec<&'a str>,
}

/// All functions of a code.
fn functions(code: &str) -> Vec<Function<'_>> {
    let mut out = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let word = |c: char| c.is_alphanumeric() || c == '_';
        if code[..at].ends_with(word) {
            continue;
        }
        let rest = &code[at + 3..];
        let name = &rest[..rest.find(|c| !word(c)).unwrap_or(rest.len())];
        // Names of parameters begin behind those of types, which may have bounds on functions.
        let generic = if rest[name.len()..].starts_with('<') {
            let (mut depth, mut before) = (0, ' ');
            rest[name.len()..].find(|c| {
                depth += i32::from(c == '<') - i32::from(c == '>' && before != '-');
                before = c;
                depth == 0
            })
        } else {
            None
        };
        let from = name.len() + generic.map_or(0, |at| at + 1);
        let Some(end) = rest[from..].starts_with('(').then(|| closing(&rest[from..], ['(', ')'])).flatten() else {
            continue;
        };
        let tail = &rest[from + end + 1..];
        // An array that is returned has its length behind a semicolon.
        let mut depth = 0;
        let body = tail.find(|c| {
            depth += i32::from(c == '[') - i32::from(c == ']');
            depth == 0 && "{;".contains(c)
        });
        let Some(body) = body.filter(|&body| tail[body..].starts_with('{') && !name.is_empty()) else { continue };
        let length = closing(&tail[body..], ['{', '}']).expect("a body that ends");
        let whole = &code[at..at + 3 + from + end + 1 + body + length];
        out.push(Function {
            name,
            line: code[..at].matches('\n').count() + 1,
            lines: whole.matches('\n').count() + 1,
            parameters: parts(&rest[from + 1..from + end]),
        });
    }
    out
}

/// Names of the types that a system can ask for: those of the library, and structures derived from them.
fn asked_for(codes: &[(String, String)]) -> BTreeSet<String> {
    let mut out: BTreeSet<String> = ["Res", "ResMut", "Query", "Local", "Commands"].map(str::to_owned).into();
    for (_, code) in codes {
        for (at, found) in code.match_indices("derive(SystemParam)") {
            let rest = code[at + found.len()..].split("struct ").nth(1).unwrap_or_default();
            out.insert(rest.chars().take_while(|c| c.is_alphanumeric()).collect());
        }
    }
    out
}

/// Parameters of a function, and of a system those in tuples one by one.
fn count(parameters: &[&str], asked_for: &BTreeSet<String>) -> usize {
    let types = parameters.iter().filter_map(|parameter| {
        let mut depth = 0;
        let colon = parameter.find(|c| {
            depth += i32::from("([{<".contains(c)) - i32::from(")]}>".contains(c));
            c == ':' && depth == 0
        })?;
        Some(parameter[colon + 1..].trim())
    });
    let each: Vec<&str> = types
        .flat_map(|of| match of.strip_prefix('(').and_then(|list| list.strip_suffix(')')) {
            Some(list) => parts(list),
            None => vec![of],
        })
        .collect();
    let system = each.iter().any(|of| asked_for.contains(of.split(['<', ' ']).next().unwrap_or_default()));
    if system { each.len() } else { parameters.len() }
}

#[test]
fn functions_files_and_systems_can_be_read() {
    let sources = sources(&["engine", "configs", "agents", "analysis", "runs", "tests"]);
    assert!(sources.len() > 200, "{} sources: not all were found", sources.len());
    let codes: Vec<(String, String)> = sources.iter().map(|(path, text)| (path.clone(), code(text))).collect();
    let asked_for = asked_for(&codes);
    let mut large = Vec::new();
    let mut seen = 0;
    for ((path, code), (_, text)) in codes.iter().zip(&sources) {
        let lines = text.lines().count();
        if lines > FILE && !LONGER.iter().any(|(longer, _)| longer == path) {
            large.push(format!("{path} has {lines} lines"));
        }
        for function in functions(code) {
            seen += 1;
            let Function { name, line, lines, .. } = function;
            if lines > FUNCTION {
                large.push(format!("{path}:{line}: `{name}` has {lines} lines"));
            }
            let count = count(&function.parameters, &asked_for);
            if count > PARAMETERS {
                large.push(format!("{path}:{line}: `{name}` has {count} parameters"));
            }
        }
        for lint in ["too_many_arguments", "too_many_lines"] {
            if code.contains(lint) {
                large.push(format!("{path} makes an exception of `{lint}`"));
            }
        }
    }
    assert!(seen > 2_000, "{seen} functions: not all were found");
    assert!(large.is_empty(), "find the part that wants a name, or the type that is missing: {large:#?}");
}

#[test]
fn sizes_are_counted_as_a_reader_counts() {
    let source = r##"
/// fn comment(a: u8) {
fn first<'a, F: Fn(u8) -> (u8, u8)>(a: &'a str, b: F) -> char {
    let text = r#"fn inner() { " "#;
    let brace = ['{', '\'', '"'];
    /* } */ "}\"}"; b'}';
    brace[0]
}
trait T { fn declared(&self); }
fn system(Given { p, .. }: Given, (a, b): (Res<A>, ResMut<B<C, D>>), mut q: Query<(&E, &mut F)>) {}
#[derive(SystemParam)]
pub struct Given<'w> { p: Res<'w, P> }
fn helper(given: &Given, (a, b): (u8, u8)) -> [u8; 2] {
}
"##;
    let code = code(source);
    assert_eq!(code.matches('\n').count(), source.matches('\n').count());
    let asked_for = asked_for(&[("a.rs".to_owned(), code.clone())]);
    let found: Vec<_> =
        functions(&code).iter().map(|x| (x.name, x.line, x.lines, count(&x.parameters, &asked_for))).collect();
    assert_eq!(found, [("first", 3, 6, 2), ("system", 10, 1, 4), ("helper", 13, 2, 2)]);
}
