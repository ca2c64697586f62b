declare const MODULE_SHA256: string;

/** SHA-256 of the rules module, in lower-case hexadecimal digits: the version of the rules. `crosswalk --version` shows it too. */
export const moduleSha256: string = MODULE_SHA256;
