//! Drawings as pictures made of pixels.

use std::collections::BTreeSet;
use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Group, Node, Options, Tree, fontdb::Database};

use crate::failure::Failure;

/// Most pixels of a side.
const MOST_PIXELS: f32 = 20_000.0;

/// A drawing as the bytes of a PNG file; `scale` is pixels a unit of the drawing. Letters are those of this machine's fonts, so
/// the bytes may differ between machines.
///
/// # Errors
/// This machine has no fonts, or none with the letters of the drawing, or the picture is too large.
pub fn png(drawing: &str, scale: f32) -> Result<Vec<u8>, Failure> {
    let mut fonts = Database::new();
    fonts.load_system_fonts();
    png_with(fonts, drawing, scale)
}

fn png_with(mut fonts: Database, drawing: &str, scale: f32) -> Result<Vec<u8>, Failure> {
    if fonts.is_empty() {
        return Err(Failure::File(
            "this machine has no fonts to write a .png with: install some (such as fonts-dejavu or fonts-noto-cjk), or write a .svg"
                .to_owned(),
        ));
    }
    let family = |name: &str| fonts.faces().any(|face| face.families.iter().any(|x| x.0 == name));
    let found =
        ["Noto Sans CJK SC", "Noto Sans", "DejaVu Sans", "Liberation Sans", "Arial"].into_iter().find(|x| family(x));
    let found =
        found.map_or_else(|| fonts.faces().next().map(|face| face.families[0].0.clone()), |name| Some(name.to_owned()));
    let font_family = found.unwrap_or_default();
    fonts.set_sans_serif_family(&font_family);
    let options = Options { fontdb: Arc::new(fonts), font_family, ..Options::default() };
    let tree = Tree::from_str(drawing, &options).map_err(|error| Failure::Internal(format!("a drawing: {error}")))?;
    let mut missing = BTreeSet::new();
    without_letters(tree.root(), &mut missing);
    if !missing.is_empty() {
        return Err(no_letters(&missing));
    }
    let [width, height] = [tree.size().width(), tree.size().height()].map(|x| (x * scale).ceil());
    let fits = width <= MOST_PIXELS && height <= MOST_PIXELS;
    let pixmap = fits.then(|| Pixmap::new(width as u32, height as u32)).flatten();
    let Some(mut pixmap) = pixmap else {
        return Err(Failure::Configuration(format!("--scale {scale}: {width} by {height} pixels are too many")));
    };
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    pixmap.encode_png().map_err(|error| Failure::Internal(format!("a picture: {error}")))
}

/// Characters of a drawing that no font has, which would be drawn as empty boxes.
fn without_letters(group: &Group, missing: &mut BTreeSet<char>) {
    for node in group.children() {
        match node {
            Node::Group(group) => without_letters(group, missing),
            Node::Text(text) => {
                let glyphs = text.layouted().iter().flat_map(|span| &span.positioned_glyphs);
                // The first glyph of every font stands for those it lacks.
                let lacking = glyphs.filter(|glyph| glyph.id.0 == 0).flat_map(|glyph| glyph.text.chars());
                missing.extend(lacking.filter(|letter| !letter.is_whitespace() && !letter.is_control()));
            }
            Node::Path(_) | Node::Image(_) => {}
        }
    }
}

/// Characters that are shown.
const SHOWN: usize = 8;

fn no_letters(missing: &BTreeSet<char>) -> Failure {
    let shown: String = missing.iter().take(SHOWN).collect();
    let rest = if missing.len() > SHOWN { format!(" and {} more", missing.len() - SHOWN) } else { String::new() };
    // From the first radicals on: Chinese, Japanese and Korean.
    let package = if missing.iter().any(|letter| *letter >= '\u{2e80}') {
        "fonts-noto-cjk on Debian and Ubuntu, google-noto-sans-cjk-fonts on Fedora, noto-fonts-cjk on Arch, or a font file in ~/.fonts"
    } else {
        "fonts-noto-core on Debian and Ubuntu, google-noto-sans-fonts on Fedora, noto-fonts on Arch, or a font file in ~/.fonts"
    };
    Failure::File(format!(
        "no font of this machine has the characters {shown}{rest}, so the .png would show boxes: install one that has them ({package}), or write a .svg, which is drawn with the fonts of whoever opens it"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text as a drawing.
    fn written(text: &str) -> String {
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 20" width="90" height="20"><g><text x="0" y="15">{text}</text></g></svg>"#
        )
    }

    #[test]
    fn letters_that_no_font_has_are_an_error_and_no_boxes() {
        let mut fonts = Database::new();
        fonts.load_system_fonts();
        let ids: Vec<_> = fonts.faces().map(|face| face.id).collect();
        let mut tried = [0; 2];
        for id in ids {
            // This font alone.
            let mut one = Database::new();
            let Some((source, _)) = fonts.face_source(id) else { continue };
            one.load_font_source(source);
            let picture = |text: &str| png_with(one.clone(), &written(text), 1.0);
            if picture("Real GDP").is_err() {
                continue;
            }
            match picture("政策 4.5 %") {
                Ok(bytes) => {
                    tried[0] += 1;
                    assert!(Pixmap::decode_png(&bytes).is_ok());
                }
                Err(failure) => {
                    tried[1] += 1;
                    let text = failure.to_string();
                    assert!(text.contains("政") && text.contains("fonts-noto-cjk") && text.contains(".svg"), "{text}");
                    assert_eq!(failure.code(), 5);
                }
            }
            // Letters of nobody.
            let text = picture("a\u{10fffd}").err().map(|failure| failure.to_string());
            assert!(text.is_none_or(|text| text.contains("no font of this machine")));
            if tried[0] > 0 && tried[1] > 0 || tried[1] > 3 {
                break;
            }
        }
        if tried[1] == 0 {
            eprintln!("SKIPPED: every font of this machine has Chinese letters, or there is none");
        }
        assert!(
            png_with(Database::new(), &written("a"), 1.0)
                .is_err_and(|failure| failure.to_string().contains("no fonts"))
        );
    }

    #[test]
    fn many_letters_are_not_all_listed() {
        let found = |text: &str| no_letters(&text.chars().collect()).to_string();
        let cjk = found("一二三四五六七八九十");
        assert!(cjk.contains(" and 2 more") && cjk.contains("noto-cjk"), "{cjk}");
        assert!(found("ℵ").contains("fonts-noto-core") && !found("ℵ").contains("cjk"));
    }

    #[test]
    fn a_drawing_becomes_a_picture_of_its_size() {
        let drawing = r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 20" width="10" height="20"><rect width="10" height="20" fill="#0072b2"/></svg>"##;
        let bytes = png(drawing, 3.0).expect("a picture");
        let pixmap = Pixmap::decode_png(&bytes).expect("a picture");
        assert_eq!((pixmap.width(), pixmap.height()), (30, 60));
        let color = pixmap.pixel(15, 30).expect("a pixel");
        assert_eq!((color.red(), color.green(), color.blue()), (0x00, 0x72, 0xb2));
        assert!(png(drawing, 1e6).is_err());
    }
}
