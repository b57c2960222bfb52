const SHELL = __SHELL__; self.SHELL = SHELL;
