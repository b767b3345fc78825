//! Contract: no command makes anything of a damaged recording or ensemble. Bytes are changed all over a file; then a
//! command either ends with a reason and a documented exit code, or prints what it prints of the sound file.

use crate::common::{Folder, shown};

/// Bytes that are changed in each file, spread evenly.
const PLACES: usize = 24;

/// What is done to a byte: one bit, all bits, nothing left.
const CHANGES: [fn(u8) -> u8; 3] = [|byte| byte ^ 4, |byte| !byte, |byte| byte.wrapping_add(64)];

/// Runs `commands` on `x.h5` with bytes of `sound` changed.
fn flipped(folder: &Folder, sound: &[u8], commands: &[&str]) {
    folder.put("x.h5", sound);
    let whole: Vec<_> = commands.iter().map(|command| folder.autarky(command)).collect();
    for (command, output) in commands.iter().zip(&whole) {
        assert_eq!(output.status.code(), Some(0), "{command}: {}", shown(output));
    }
    let mut refused = 0;
    for place in 0..PLACES {
        let at = place * sound.len() / PLACES + 7;
        let mut bytes = sound.to_vec();
        bytes[at] = CHANGES[place % CHANGES.len()](bytes[at]);
        folder.put("x.h5", &bytes);
        for (command, sound) in commands.iter().zip(&whole) {
            let output = folder.autarky(command);
            match output.status.code() {
                Some(0) => assert!(output.stdout == sound.stdout, "{command}, byte {at}: another answer"),
                Some(1) if command.starts_with("verify") => refused += 1,
                Some(5) => {
                    refused += 1;
                    let text = String::from_utf8_lossy(&output.stderr);
                    assert!(text.contains("x.h5"), "{command}, byte {at}: {text}");
                }
                code => panic!("{command}, byte {at}: exit {code:?}: {}", shown(&output)),
            }
        }
    }
    assert!(refused > PLACES, "{refused} of {} were refused", PLACES * commands.len());
}

#[test]
fn nothing_is_made_of_a_damaged_recording() {
    let folder = Folder::new("damaged-run");
    folder.succeed("run small.toml --ticks 3 --out x.h5 --against none");
    let sound = folder.bytes("x.h5");
    flipped(&folder, &sound, &["verify x.h5", "indicators x.h5", "diff x.h5 x.h5"]);
    for kept in [0, 100, sound.len() / 2, sound.len() - 1] {
        folder.put("x.h5", &sound[..kept]);
        for command in ["report x.h5 --alone --out page.html", "verify x.h5", "diff x.h5 x.h5"] {
            let output = folder.autarky(command);
            assert_eq!(output.status.code(), Some(5), "{command} of {kept} bytes: {}", shown(&output));
        }
    }
    assert!(!folder.path("page.html").exists());
}
