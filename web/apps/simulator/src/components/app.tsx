import { language, languages, strings } from "../locale/locale.js";
import { data, notice, problem, resultText, rulesSha256, selected } from "../state.js";
import { THEMES, type Theme, theme } from "../theme.js";
import { DataBar, dropTarget } from "./data_bar.js";
import { ResultPanel } from "./result.js";
import { SettingsPanel } from "./settings_panel.js";
import { StoryPanel, close } from "./story.js";

/** The whole page. */
export function App() {
  return (
    <div class="page" {...dropTarget} onKeyDown={(event) => event.key === "Escape" && selected.value !== undefined && close()}>
      <a class="skip" href="#result">{strings.value.skip}</a>
      <Header />
      <Problem />
      <Notice />
      <div class={selected.value === undefined ? "columns" : "columns with-story"}>
        <SettingsPanel />
        <main id="result" tabIndex={-1}>{data.value !== undefined && <ResultPanel />}</main>
        <StoryPanel />
      </div>
      <p class="unseen" role="status">{resultText.value}</p>
    </div>
  );
}

function Header() {
  const { title, tagline, theme: themeName, themes, language: languageName, print, rules } = strings.value;
  return (
    <header class="top">
      <div class="name">
        <h1>{title}</h1>
        <p>{tagline}</p>
      </div>
      <DataBar />
      <div class="looks">
        <label>
          <span class="unseen">{languageName}</span>
          <select value={language.value} onChange={(event) => (language.value = event.currentTarget.value)}>
            {languages.map(({ code, name }) => <option key={code} value={code} lang={code}>{name}</option>)}
          </select>
        </label>
        <label>
          <span class="unseen">{themeName}</span>
          <select value={theme.value} onChange={(event) => (theme.value = event.currentTarget.value as Theme)}>
            {THEMES.map((name) => <option key={name} value={name}>{themes[name]}</option>)}
          </select>
        </label>
        <button type="button" onClick={() => window.print()}>{print}</button>
        {rulesSha256.value !== "" && <span class="version" title={rulesSha256.value}>{rules(rulesSha256.value)}</span>}
      </div>
    </header>
  );
}

function Problem() {
  if (problem.value === undefined) return <div role="alert" />;
  return (
    <div role="alert" class="problem">
      <p>{problem.value}</p>
      <button type="button" onClick={() => (problem.value = undefined)}>{strings.value.problems.dismiss}</button>
    </div>
  );
}

function Notice() {
  return (
    <div role="status">
      {notice.value !== undefined && (
        <div class="notice">
          <p>{notice.value}</p>
          <button type="button" onClick={() => (notice.value = undefined)}>{strings.value.problems.dismiss}</button>
        </div>
      )}
    </div>
  );
}
