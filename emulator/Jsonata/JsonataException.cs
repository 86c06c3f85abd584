using Disa.Jsonata.Syntax;

namespace Disa.Jsonata;

/// <summary>An expression that cannot be parsed or evaluated, with the reference's code and text.</summary>
public sealed class JsonataException(string code) : Exception
{
    public string Code { get; } = code;

    /// <summary>Where in the source, in UTF-16 units; null where it is not known.</summary>
    public int? Position { get; set; }

    public string? Token { get; set; }

    /// <summary>The offending value as JSON.</summary>
    internal string? Value { get; init; }

    internal string? Value2 { get; init; }

    internal int? Index { get; init; }

    internal string? Type { get; init; }

    /// <summary>Replaces the code's own text.</summary>
    internal string? Text { get; init; }

    public override string Message => Text ?? Messages.Of(this);
}
