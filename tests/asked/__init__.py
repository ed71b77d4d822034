"""Stack files that ask for every setting there is, each taken through its life on the emulated ARM."""
