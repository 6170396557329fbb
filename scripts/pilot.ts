process.stdout.write("The pilot is being built.\n");
