// The package's main entry also writes itself into winston's shared table of transports; its class does not.
declare module 'winston-daily-rotate-file/daily-rotate-file.js' {
  export { default } from 'winston-daily-rotate-file';
}
