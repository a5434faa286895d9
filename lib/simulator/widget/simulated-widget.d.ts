/** The name of the version that the simulator serves. It is an argument of a function around the script, not a global. */
declare const SIMULATED_WIDGET: string | undefined
