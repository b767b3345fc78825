//! Drawings as pictures made of pixels.

use std::sync::Arc;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb::Database};

use crate::failure::Failure;

/// Most pixels of a side.
const MOST_PIXELS: f32 = 20_000.0;

/// A drawing as the bytes of a PNG file; `scale` is pixels a unit of the drawing. Letters are those of this machine's fonts, so
/// the bytes may differ between machines.
///
/// # Errors
/// This machine has no fonts, or the picture is too large.
pub fn png(drawing: &str, scale: f32) -> Result<Vec<u8>, Failure> {
    let mut fonts = Database::new();
    fonts.load_system_fonts();
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
    let [width, height] = [tree.size().width(), tree.size().height()].map(|x| (x * scale).ceil());
    let fits = width <= MOST_PIXELS && height <= MOST_PIXELS;
    let pixmap = fits.then(|| Pixmap::new(width as u32, height as u32)).flatten();
    let Some(mut pixmap) = pixmap else {
        return Err(Failure::Configuration(format!("--scale {scale}: {width} by {height} pixels are too many")));
    };
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    pixmap.encode_png().map_err(|error| Failure::Internal(format!("a picture: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

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
