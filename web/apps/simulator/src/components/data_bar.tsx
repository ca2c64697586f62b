import { useRef } from "preact/hooks";
import { number, strings, time } from "../locale/locale.js";
import { cancel, data, openSample, problem, progress, progressText, take, zone } from "../state.js";

/** What data there are, and how to open others. */
export function DataBar() {
  const picker = useRef<HTMLInputElement>(null);
  const words = strings.value.data;
  return (
    <section class="data" aria-label={words.title}>
      <Opened />
      <div class="buttons">
        <button type="button" onClick={() => picker.current?.click()}>{words.open}</button>
        {data.value?.name !== undefined && <button type="button" onClick={() => void openSample()}>{words.useSample}</button>}
        <input
          ref={picker}
          class="unseen"
          type="file"
          tabIndex={-1}
          aria-label={words.open}
          onChange={(event) => {
            given(event.currentTarget.files);
            event.currentTarget.value = "";
          }}
        />
      </div>
    </section>
  );
}

function Opened() {
  const words = strings.value.data;
  if (progress.value !== undefined) {
    return (
      <div class="progress">
        <label>
          {progressText.value} <progress max={1} value={progress.value.share} />
        </label>
        <button type="button" onClick={cancel}>{words.cancel}</button>
      </div>
    );
  }
  if (data.value === undefined) return <p>{words.drop}</p>;
  const { name, known } = data.value;
  return (
    <p>
      {words.opened(name ?? words.sample, number(known.activities), number(known.contacts))}
      {known.now !== "" && <span class="quiet"> {words.now(time(known.now, zone.value))}</span>}
    </p>
  );
}

function given(files: FileList | null | undefined): void {
  if (files === null || files === undefined || files.length === 0) return;
  const [file] = files;
  if (files.length > 1) problem.value = `${strings.value.problems.several(number(files.length))} ${strings.value.problems.kept}`;
  else if (file !== undefined) void take(file);
}

/** Makes an element take files that are dropped on it. */
export const dropTarget = {
  onDragOver: (event: DragEvent) => event.preventDefault(),
  onDrop: (event: DragEvent) => {
    event.preventDefault();
    given(event.dataTransfer?.files);
  },
};
