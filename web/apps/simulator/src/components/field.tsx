import type { ComponentChildren } from "preact";
import { settingsFailure } from "../state.js";
import type { Path } from "../settings.js";

interface Props {
  readonly path: Path;
  readonly label: string;
  /** Whether the label is for who can't see what stands beside it. */
  readonly isLabelUnseen?: boolean;
  readonly children: (attributes: { id: string; "aria-invalid": boolean; "aria-describedby": string | undefined }) => ComponentChildren;
}

/** A value of the settings with its label; if it is wrong, with what is wrong about it. */
export function Field({ path, label, isLabelUnseen = false, children }: Props) {
  const id = `setting-${path.join("-")}`;
  const failure = settingsFailure.value;
  const isWrong = failure !== undefined && failure.path === path.join(".");
  return (
    <div class={isWrong ? "field wrong" : "field"}>
      <label for={id} class={isLabelUnseen ? "unseen" : undefined}>{label}</label>
      {children({ id, "aria-invalid": isWrong, "aria-describedby": isWrong ? `${id}-wrong` : undefined })}
      {isWrong && (
        <p class="hint" id={`${id}-wrong`} lang="en">{failure.message}{failure.hint !== "" && <><br />{failure.hint}</>}</p>
      )}
    </div>
  );
}
