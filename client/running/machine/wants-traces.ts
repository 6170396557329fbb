/**
 * Whether somebody named a collector, or asked for traces with the usual one on this machine, and did not turn them off
 * (OpenTelemetry's environment variables).
 */
export function wantsTraces(environment: NodeJS.ProcessEnv): boolean {
  const isSet = (name: string) => (environment[name] ?? "") !== "";
  if (environment.OTEL_SDK_DISABLED?.toLowerCase() === "true" || environment.OTEL_TRACES_EXPORTER === "none")
    return false;
  return ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_TRACES_EXPORTER"].some(isSet);
}
