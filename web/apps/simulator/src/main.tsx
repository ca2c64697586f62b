import { render } from "preact";
import { App } from "./components/app.js";
import { begin } from "./state.js";

render(<App />, document.getElementById("page") as HTMLElement);
begin();
