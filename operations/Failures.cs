namespace Disa.Operations;

/// <summary>An argument that cannot be meant: one sentence; the command's exit code 2.</summary>
internal sealed class MisuseException(string message) : Exception(message);

/// <summary>What was asked for did not happen: one sentence; the command's exit code 1.</summary>
internal sealed class FailureException(string message) : Exception(message);
