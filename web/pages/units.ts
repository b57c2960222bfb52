/** Offers administrative units under every box that is marked for it; without this script the server reads the words. */
import { Combobox } from "./units/combobox.ts";
import { Line } from "./units/line.ts";

const line = new Line();
for (const input of document.querySelectorAll<HTMLInputElement>("input[data-units]")) new Combobox(input, line);
