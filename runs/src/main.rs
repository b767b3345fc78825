//! The program `autarky`.

fn main() -> std::process::ExitCode {
    runs::main()
}
