import { Failure } from "#platform";

/*
 * Why a command did not run on a host, or has no result. None is for a Retry: a check says "not reached today", a
 * rotation is started again. Messages are for people, and hold nothing that the host chose but what quoted() let pass.
 */

/** No connection to the host's pipe: refused, no route, no such name, or no answer in time. Nothing was run. */
export class HostUnreachableError extends Failure {
  override readonly name = "HostUnreachableError";
}

/**
 * The pipe was there and let us not through: another key, or nothing behind it. spiped greets and closes in both cases
 * (spiped 1.6, lib/proto/proto_conn.c), so the message names both where the protocol does not tell. Nothing was run.
 */
export class PipeRefusedError extends Failure {
  override readonly name = "PipeRefusedError";
}

/** The host has another host key than the pinned one: somebody else may be answering. No login was tried. */
export class HostKeyChangedError extends Failure {
  override readonly name = "HostKeyChangedError";
}

/** sshd knows the user or the key no more, or SSH failed otherwise. Nothing was run. */
export class LoginRefusedError extends Failure {
  override readonly name = "LoginRefusedError";
}

/** The command began, perhaps, and did not end in time. It may go on there. */
export class HostHungError extends Failure {
  override readonly name = "HostHungError";
}

/** The connection broke before the command's end was known. It may have done all of it. */
export class HostLostError extends Failure {
  override readonly name = "HostLostError";
}

/** The command printed more than anybody wants to read. */
export class OutputTooLongError extends Failure {
  override readonly name = "OutputTooLongError";
}

/** A key in SSM is missing, or is none. The message names the parameter, and never holds what was there. */
export class UnusableKeyError extends Failure {
  override readonly name = "UnusableKeyError";
}

/** Whether an error is one of those that say how a host was missed. */
export function isHostFailure(error: unknown): error is Failure {
  return (
    error instanceof HostUnreachableError ||
    error instanceof PipeRefusedError ||
    error instanceof HostKeyChangedError ||
    error instanceof LoginRefusedError ||
    error instanceof HostHungError ||
    error instanceof HostLostError ||
    error instanceof OutputTooLongError
  );
}
