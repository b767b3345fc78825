//! The program `autarky`.

/// Ends with a message where there is no memory.
#[global_allocator]
static ALLOCATOR: runs::memory::Allocator = runs::memory::Allocator;

fn main() -> std::process::ExitCode {
    runs::main()
}
