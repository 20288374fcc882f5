export {
  HostHungError,
  HostKeyChangedError,
  HostLostError,
  HostUnreachableError,
  isHostFailure,
  LoginRefusedError,
  OutputTooLongError,
  PipeRefusedError,
  UnusableKeyError,
} from "./failures.ts";
export { type Login, logIn, onEnd } from "./log-in.ts";
export { openPipe } from "./open-pipe.ts";
export { quoted } from "./quoted.ts";
export { type CommandResult, type HostAccess, type HostCommand, runOnHost } from "./run-on-host.ts";
export {
  type AccessKeys,
  nextKeyParameter,
  PIPE_KEY_BYTES,
  pipeKeyBytes,
  requirePrivateKey,
  ssmKeys,
} from "./ssm-keys.ts";
