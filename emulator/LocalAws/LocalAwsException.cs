using Disa.Emulator.Aws;

namespace Disa.Emulator;

/// <summary>What the emulator refuses, with the code and the words of AWS.</summary>
public sealed class LocalAwsException : Exception
{
    internal LocalAwsException(AwsException refusal)
        : base($"{refusal.Code}: {refusal.Message}", refusal) => Code = refusal.Code;

    internal LocalAwsException(string code, string message)
        : base(message) => Code = code;

    /// <summary>The error's name on AWS, such as <c>ResourceNotFoundException</c>; <c>NotImplemented</c> for what the emulator does not support.</summary>
    public string Code { get; }
}
