/** Returns the milliseconds that processors have worked for this process; what others do on the machine adds nothing. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
