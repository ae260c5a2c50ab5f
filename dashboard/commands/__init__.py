"""The program's commands, a module each: ``add(commands)`` names its arguments, ``run(options)`` does it."""
