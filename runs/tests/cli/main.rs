//! The program as its users see it. One target: each would be linked anew.

mod accounts;
mod bad_input;
mod benchmark;
mod catalogue;
mod commands;
mod common;
mod corners;
mod damage;
mod export;
mod fuzz;
mod input;
mod installed;
mod interrupted;
mod outputs;
mod pairing;
mod python;
mod recording;
mod replay;
mod report;
mod score;
mod seeds;
mod slurm;
mod sweep;
mod sweep_disk;
mod sweep_failures;
mod tables;
