//! Arguments to `cli`, its answer to the exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    backshelf::cli::main(std::env::args_os())
}
