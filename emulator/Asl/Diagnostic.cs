namespace Disa.Asl;

/// <summary>Something wrong with a definition, in AWS's words.</summary>
/// <param name="Code">Such as <c>SCHEMA_VALIDATION_FAILED</c>.</param>
/// <param name="Location">A pointer into the definition, such as <c>/States/X/Next</c>; null where there is none.</param>
public sealed record Diagnostic(string Code, string Message, string? Location)
{
    /// <summary>The field itself, where <see cref="Location"/> is only what has it.</summary>
    public string? Field { get; init; }

    /// <summary>Not wrong on AWS, but not done here.</summary>
    public const string Unsupported = "UNSUPPORTED";

    public override string ToString() => Location is null ? $"{Code}: {Message}" : $"{Code}: {Message} at {Location}";
}

/// <summary>A definition that cannot be run, and all that is wrong with it.</summary>
public sealed class InvalidDefinitionException(IReadOnlyList<Diagnostic> diagnostics) : Exception(string.Join(", ", diagnostics))
{
    public IReadOnlyList<Diagnostic> Diagnostics { get; } = diagnostics;
}
