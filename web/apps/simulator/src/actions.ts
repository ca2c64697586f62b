// What may become of an activity.

/** All actions, in the order in which they are shown. */
export const ACTIONS = ["create", "update", "delete", "unchanged", "wait", "skip"] as const;

/** How an assignee is found, in the order in which it is tried. */
export const STEPS = ["activity_owner", "object_owner", "integration_user"] as const;
