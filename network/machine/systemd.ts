import type { ProcessSpec } from "../processes/process.js";

/** As whom services run, and where they may write. */
export interface ServiceAccount {
  readonly user: string;
  /** The only folder that a service writes to. */
  readonly base: string;
}

/** The unit's file name. */
export function unitName({ name }: Pick<ProcessSpec, "name">): string {
  return `wanlian-${name}.service`;
}

/**
 * A systemd unit (systemd.service(5), systemd.exec(5)) for a process. What it keeps secret, such as a database's address,
 * goes into `/etc/wanlian/NAME.env`, which only root reads.
 */
export function systemdUnit(spec: ProcessSpec, { user, base }: ServiceAccount): string {
  const { name, title, command, args, environment = {}, directory = base } = spec;
  return `[Unit]
Description=wanlian: ${specifiersKept(title.en)}
Wants=network-online.target
After=network-online.target

[Service]
Type=exec
User=${user}
UMask=0077
WorkingDirectory=${specifiersKept(directory)}
${Object.entries(environment)
  .map(([variable, value]) => `Environment=${quoted(`${variable}=${value}`)}\n`)
  .join("")}EnvironmentFile=-/etc/wanlian/${name}.env
ExecStart=${[command, ...args].map(word).join(" ")}
Restart=always
RestartSec=2
TimeoutStopSec=30
LimitNOFILE=65536
NoNewPrivileges=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictSUIDSGID=yes
ReadWritePaths=${quoted(base)}

[Install]
WantedBy=multi-user.target
`;
}

/** A word of a command line: `$` begins a variable there, and nowhere else. */
function word(text: string): string {
  return quoted(text.replaceAll("$", "$$$$"));
}

/** Quoted where systemd would split it or read something else (systemd.syntax(7), "Quoting"). */
function quoted(text: string): string {
  const kept = specifiersKept(text);
  return /^[\w@%+=:,./-]+$/.test(kept) ? kept : `"${kept.replaceAll(/[\\"]/g, "\\$&")}"`;
}

/** `%` begins a specifier. */
function specifiersKept(text: string): string {
  return text.replaceAll("%", "%%");
}
