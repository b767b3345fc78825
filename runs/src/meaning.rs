//! What of a source is compiled into the program: without comments, white space and what is compiled for tests only. The build
//! script uses it too.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Group, Spacing, TokenStream, TokenTree};

/// The tokens of a source, a space between them: without comments, those of documentation and what is marked `#[cfg(test)]`.
/// Documentation in the arguments of a macro is kept: a macro may make something of it. `None` if it is no Rust.
pub fn meaning(text: &str) -> Option<String> {
    let stream: TokenStream = text.parse().ok()?;
    let mut found = String::new();
    write(stream, false, &mut found);
    Some(found)
}

/// The files that a source names as modules for tests only: the file of each, and its folder.
pub fn test_modules(file: &Path, text: &str) -> BTreeSet<PathBuf> {
    let stem = file.file_stem().unwrap_or_default();
    let beside = file.parent().unwrap_or(Path::new(""));
    let folder =
        if ["mod", "lib", "main"].iter().any(|name| *name == stem) { beside.into() } else { beside.join(stem) };
    let tokens: Vec<TokenTree> =
        text.parse::<TokenStream>().map(|stream| stream.into_iter().collect()).unwrap_or_default();
    let mut found = BTreeSet::new();
    for at in 0..tokens.len() {
        let Some((_, next)) = attribute(&tokens, at).filter(|x| is_test(x.0)) else { continue };
        let item = &tokens[next..end_of_item(&tokens, next).unwrap_or(next)];
        if let [.., TokenTree::Ident(word), TokenTree::Ident(name), TokenTree::Punct(end)] = item
            && word == "mod"
            && end.as_char() == ';'
        {
            found.insert(folder.join(name.to_string()));
            found.insert(folder.join(format!("{name}.rs")));
        }
    }
    found
}

/// Writes tokens; `documented` where documentation counts.
fn write(stream: TokenStream, documented: bool, text: &mut String) {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if let Some((group, next)) = attribute(&tokens, at) {
            if is_inner(&tokens, at) && is_test(group) {
                // The rest of the file.
                return;
            }
            if !documented && is_documentation(group) {
                at = next;
                continue;
            }
            if let Some(end) = end_of_item(&tokens, next).filter(|_| is_test(group)) {
                at = end;
                continue;
            }
        }
        let _ = match token {
            TokenTree::Group(group) => {
                let (open, close) = signs(group.delimiter());
                let _ = write!(text, "{open} ");
                write(group.stream(), documented || is_argument(&tokens, at), text);
                write!(text, "{close} ")
            }
            // `a - -b` is not `a --b`.
            TokenTree::Punct(sign) if sign.spacing() == Spacing::Joint => write!(text, "{}", sign.as_char()),
            other => write!(text, "{other} "),
        };
        at += 1;
    }
}

const fn signs(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}

fn is_sign(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(found)) if found.as_char() == sign)
}

/// Whether the attribute at a place is one of the file: `#![..]`.
fn is_inner(tokens: &[TokenTree], at: usize) -> bool {
    is_sign(tokens.get(at + 1), '!')
}

/// The attribute that begins at a place, and the place after it.
fn attribute(tokens: &[TokenTree], at: usize) -> Option<(&Group, usize)> {
    if !is_sign(tokens.get(at), '#') {
        return None;
    }
    let place = at + 1 + usize::from(is_inner(tokens, at));
    match tokens.get(place) {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Bracket => Some((group, place + 1)),
        _ => None,
    }
}

/// Whether a group is the argument of a macro: `name!(..)`, `macro_rules! name {..}`.
fn is_argument(tokens: &[TokenTree], at: usize) -> bool {
    let before = |places: usize| at.checked_sub(places).and_then(|place| tokens.get(place));
    let is_word = |token| matches!(token, Some(&TokenTree::Ident(_)));
    is_sign(before(1), '!') && is_word(before(2)) || is_word(before(1)) && is_sign(before(2), '!') && is_word(before(3))
}

fn is_documentation(attribute: &Group) -> bool {
    let mut tokens = attribute.stream().into_iter();
    matches!(tokens.next(), Some(TokenTree::Ident(word)) if word == "doc") && is_sign(tokens.next().as_ref(), '=')
}

/// Whether it says `cfg(test)`, or `cfg(all(test, ..))`.
fn is_test(attribute: &Group) -> bool {
    let word = |token: &TokenTree, name: &str| matches!(token, TokenTree::Ident(word) if word == name);
    let within = |tokens: &[TokenTree], name: &str| match tokens {
        [first, TokenTree::Group(group)] if word(first, name) => Some(group.stream().into_iter().collect::<Vec<_>>()),
        _ => None,
    };
    let Some(condition) = within(&attribute.stream().into_iter().collect::<Vec<_>>(), "cfg") else { return false };
    let parts = within(&condition, "all").unwrap_or(condition);
    // One of the conditions that all must hold, not a word in another.
    parts.split(|token| is_sign(Some(token), ',')).any(|part| matches!(part, [only] if word(only, "test")))
}

/// The place after the item that begins at one, other attributes first. `None` if it is none that is known for sure, such as
/// a field or a branch of a match: what is kept too much only makes digests differ more often.
fn end_of_item(tokens: &[TokenTree], mut at: usize) -> Option<usize> {
    while let Some((_, next)) = attribute(tokens, at) {
        at = next;
    }
    let word = |place: usize| match tokens.get(place) {
        Some(TokenTree::Ident(word)) => word.to_string(),
        _ => String::new(),
    };
    let mut kind = at;
    if word(kind) == "pub" {
        kind += 1 + usize::from(matches!(tokens.get(kind + 1), Some(TokenTree::Group(_))));
    }
    // `const fn`, `unsafe impl`, `async fn`.
    let called = if ["const", "unsafe", "async"].contains(&word(kind).as_str())
        && ["fn", "impl", "trait", "unsafe", "async", "extern"].contains(&word(kind + 1).as_str())
    {
        "fn".to_owned()
    } else {
        word(kind)
    };
    let by_semicolon = ["use", "const", "static", "type", "extern"].contains(&called.as_str());
    if !by_semicolon && !["mod", "fn", "impl", "struct", "enum", "trait", "union"].contains(&called.as_str()) {
        return None;
    }
    let ends = |token: &TokenTree| match token {
        TokenTree::Punct(sign) => sign.as_char() == ';',
        TokenTree::Group(group) => !by_semicolon && group.delimiter() == Delimiter::Brace,
        _ => false,
    };
    tokens[kind..].iter().position(ends).map(|place| kind + place + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, other: &str) {
        assert_eq!(meaning(one).expect("Rust"), meaning(other).expect("Rust"), "{one}\n\n{other}");
    }

    fn differs(one: &str, other: &str) {
        assert_ne!(meaning(one).expect("Rust"), meaning(other).expect("Rust"), "{one}\n\n{other}");
    }

    #[test]
    fn comments_space_and_tests_may_change() {
        let plain = "use a::b; fn f(x: &'static str) -> char { g(x, '\\''); 'a' }";
        for other in [
            "use a::b;\n\nfn f(x: &'static str) -> char {\n    g(x, '\\''); // why\n    'a'\n}\n",
            "//! Of the file.\nuse a::b; /* one /* in another */ */ /// What it does.\nfn f(x: &'static str) -> char { /** so */ g(x, '\\''); 'a' }",
            "#![doc = \"x\"] use a::b; #[doc = \"y\"] fn f(x: &'static str) -> char { g(x, '\\''); 'a' }",
            "use a::b; #[cfg(test)] use c::{d, e}; fn f(x: &'static str) -> char { g(x, '\\''); 'a' } #[cfg(test)] mod tests { fn h() {} }",
            "#[cfg(test)] pub(crate) fn h<T>() where T: Clone { 1 } use a::b; fn f(x: &'static str) -> char { g(x, '\\''); 'a' }",
            "use a::b; #[cfg(test)] const H: [S; 1] = [S { x: 1 }]; fn f(x: &'static str) -> char { g(x, '\\''); 'a' }",
            "#[cfg(test)] #[path = \"x.rs\"] mod h; use a::b; #[cfg(test)] impl X for Y {} fn f(x: &'static str) -> char { g(x, '\\''); 'a' }",
        ] {
            same(plain, other);
        }
        same("mod a; #[cfg(all(test, feature = \"x\"))] mod tests;", "mod a;");
        // White space between tokens, not in them.
        same("a < b", "a<b");
        same("a !=b", "a != b");
    }

    #[test]
    fn all_else_may_not() {
        let pairs = [
            ("fn f() { 1 }", "fn f() { 2 }"),
            ("const A: &str = \"a // b\";", "const A: &str = \"a // c\";"),
            ("const A: &str = \"a  b\";", "const A: &str = \"a b\";"),
            ("const A: &str = r#\"/* \" */\"#;", "const A: &str = r#\"/* \" \"#;"),
            ("const A: u8 = b'/';", "const A: u8 = b'*';"),
            ("const A: f64 = 1.0;", "const A: f64 = 1.00;"),
            ("fn f<'a>(x: &'a u8) {}", "fn f<'b>(x: &'b u8) {}"),
            ("fn f() { a - -b }", "fn f() { a -- b }"),
            ("fn f() {}", "pub fn f() {}"),
            ("#[derive(Clone)] struct A;", "struct A;"),
            ("#[cfg(unix)] mod a;", "mod a;"),
            ("#[cfg(not(test))] mod a; fn f() {}", "fn f() {}"),
            ("#[cfg(all(not(test), unix))] mod a; fn f() {}", "fn f() {}"),
            ("#[cfg(any(test, unix))] mod a; fn f() {}", "fn f() {}"),
            ("#[cfg(not(test))] fn f() {}", ""),
            // Not known to be an item, so it is kept.
            ("struct A { #[cfg(test)] x: u8 }", "struct A {}"),
            // A macro may make something of it.
            ("m! { /// a\n x }", "m! { /// b\n x }"),
        ];
        for (one, other) in pairs {
            differs(one, other);
        }
        assert_eq!(meaning("fn f() {"), None);
    }

    #[test]
    fn modules_of_tests_are_known_by_their_mark() {
        let text =
            "mod a; #[cfg(test)] mod tests; #[cfg(test)] pub(crate) mod testing; #[cfg(test)] mod here { mod x; }";
        let found = |file: &str| -> Vec<String> {
            let found = test_modules(Path::new(file), text);
            found.iter().map(|path| path.to_string_lossy().replace('\\', "/")).collect()
        };
        assert_eq!(found("a/lib.rs"), ["a/testing", "a/testing.rs", "a/tests", "a/tests.rs"]);
        assert_eq!(found("a/policy.rs")[2..], ["a/policy/tests", "a/policy/tests.rs"]);
    }
}
