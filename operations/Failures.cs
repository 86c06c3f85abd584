namespace Disa.Operations;

/// <summary>A wrong argument: one sentence; the command's exit code 2.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>What was asked for did not happen: one sentence; the command's exit code 1.</summary>
internal sealed class FailureException(string message) : Exception(message);

/// <summary>There was no answer from AWS or the emulator: one sentence; the command's exit code 2.</summary>
internal sealed class UnreachableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Something answered that is neither AWS nor the emulator.</summary>
    public static UnreachableException Stranger(string where) =>
        new($"{where} gave an answer that is not AWS's: is another program listening there? {Elsewhere}");

    /// <summary>What can be done where nobody answers.</summary>
    public static string Elsewhere =>
        $"Start the emulator with `{CommandName.Current} up`, or name another endpoint with --endpoint-url or AWS_ENDPOINT_URL.";
}

/// <summary>Someone stopped it: one sentence that says how far it came; the command's exit code 130.</summary>
internal sealed class InterruptedException(string message) : Exception(message);
