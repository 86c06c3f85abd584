namespace Disa.Emulator.Check;

/// <summary>Something wrong in an artefact: where, what, and what was expected instead.</summary>
/// <param name="Line">From one.</param>
/// <param name="Column">From one.</param>
/// <param name="Expected">Null where the message says it all.</param>
/// <param name="IsWarning">True where AWS would take it, or may.</param>
public sealed record Finding(string File, int Line, int Column, string Message, string? Expected = null, bool IsWarning = false)
{
    public override string ToString() =>
        $"{File}:{Line}:{Column}: {(IsWarning ? "warning: " : "")}{Message}{(Expected is null ? "" : $"; expected {Expected}")}";
}

/// <summary>A file to check: a template, or a state machine.</summary>
/// <param name="Path">As findings name it.</param>
/// <param name="IsBody">Sent in the request itself, where 51,200 bytes are the limit, and not by way of a bucket.</param>
/// <param name="Parameters">Values that differ from the defaults.</param>
public sealed record CheckedFile(string Path, string Text, bool IsBody = false, IReadOnlyDictionary<string, string>? Parameters = null);

/// <summary>What a template declares: its parameters with their defaults, and the resources whose condition holds.</summary>
public sealed record TemplateContent(IReadOnlyDictionary<string, string?> Parameters, IReadOnlyList<TemplateContentResource> Resources);

/// <summary>One resource of a template.</summary>
/// <param name="TemplateFile">Of a nested stack: its template's file name.</param>
public sealed record TemplateContentResource(string LogicalId, string Type, string? TemplateFile);
