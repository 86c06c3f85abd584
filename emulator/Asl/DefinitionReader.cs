using System.Text.Json;
using Disa.Asl.Data;

namespace Disa.Asl;

/// <summary>Reads the fields of one object of a definition and notes what is wrong, with its location.</summary>
internal sealed class DefinitionReader(JsonElement source, string location, List<Diagnostic> diagnostics)
{
    private readonly HashSet<string> _read = new(StringComparer.Ordinal) { "Comment" };

    private readonly HashSet<string> _ignored = new(StringComparer.Ordinal);

    public JsonElement Source { get; } = source;

    /// <summary>The language of the state that is read.</summary>
    public QueryLanguage Language { get; set; }

    /// <summary>What states speak that do not say otherwise, those inside of other states too.</summary>
    public QueryLanguage MachineLanguage { get; set; }

    public string Location { get; } = location;

    public List<Diagnostic> Diagnostics { get; } = diagnostics;

    public void Wrong(string message, string? field = null) => Add("SCHEMA_VALIDATION_FAILED", message, field);

    public void Refuse(string what, string? field = null) => Add(Diagnostic.Unsupported, what, field);

    public void Add(string code, string message, string? field = null) =>
        Diagnostics.Add(new Diagnostic(code, message, field is null ? (Location.Length == 0 ? "/" : Location) : $"{Location}/{field}"));

    public DefinitionReader Inner(string field, JsonElement element) =>
        new(element, $"{Location}/{field}", Diagnostics) { Language = Language, MachineLanguage = MachineLanguage };

    public bool Has(string field) => !_ignored.Contains(field) && Source.TryGetProperty(field, out _);

    /// <summary>Takes fields for absent: what is wrong with them has been said, or does not matter.</summary>
    public void Ignore(IEnumerable<string> fields)
    {
        _ignored.UnionWith(fields);
        _read.UnionWith(fields);
    }

    /// <summary>Undefined where the field is missing.</summary>
    public JsonElement Any(string field)
    {
        _read.Add(field);
        return Has(field) && Source.TryGetProperty(field, out var value) ? value : default;
    }

    public void Require(params ReadOnlySpan<string> fields)
    {
        var missing = new List<string>();
        foreach (var field in fields)
        {
            if (!Has(field))
            {
                missing.Add(field);
            }
        }

        if (missing.Count > 0)
        {
            Wrong($"These fields are required: [{string.Join(", ", missing)}]");
        }
    }

    public string? String(string field) =>
        Typed(field, JsonValueKind.String, "String") is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public bool? Boolean(string field)
    {
        var value = Any(field);
        if (!value.IsDefined() || value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.IsDefined() ? value.GetBoolean() : null;
        }

        Wrong("Expected value of type Boolean", field);
        return null;
    }

    public int? Integer(string field, int least, int most)
    {
        var value = Any(field);
        if (!value.IsDefined())
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number || !value.TryGetInt32(out var integer))
        {
            Wrong("Expected value of type Integer", field);
            return null;
        }

        if (integer < least || integer > most)
        {
            Wrong($"The value must be between {least} and {most}", field);
        }

        return integer;
    }

    public double? Number(string field, double least)
    {
        var value = Typed(field, JsonValueKind.Number, "Float");
        if (value.ValueKind != JsonValueKind.Number)
        {
            return null;
        }

        if (value.GetDouble() < least)
        {
            Wrong($"The value must be at least {least:0.0}", field);
        }

        return value.GetDouble();
    }

    public JsonElement Object(string field) => Typed(field, JsonValueKind.Object, "Object");

    public JsonElement Array(string field) => Typed(field, JsonValueKind.Array, "Array");

    public IReadOnlyList<string> Strings(string field)
    {
        var list = Array(field);
        if (list.ValueKind != JsonValueKind.Array)
        {
            return [];
        }

        if (list.GetArrayLength() == 0 || list.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            Wrong("Expected a non-empty list of Strings", field);
            return [];
        }

        return [.. list.EnumerateArray().Select(item => item.GetString()!)];
    }

    /// <summary>A path; with <paramref name="reference"/> one that names a place.</summary>
    public JsonPath? Path(string field, bool reference = false)
    {
        if (String(field) is not { } text)
        {
            return null;
        }

        try
        {
            var path = JsonPath.Parse(text);
            if (reference && !path.IsReference)
            {
                Wrong("Value is not a Reference Path", field);
            }

            return path;
        }
        catch (FormatException)
        {
            Wrong(reference ? "Value is not a Reference Path" : "Value is not a valid JSONPath", field);
            return null;
        }
    }

    /// <summary>A path that may be null, which means something.</summary>
    public Optional<JsonPath> NullablePath(string field, bool reference = false)
    {
        var value = Any(field);
        return value.ValueKind == JsonValueKind.Null
            ? new(true, null)
            : new(value.IsDefined(), value.IsDefined() ? Path(field, reference) : null);
    }

    public Expression? Expression(string field)
    {
        if (String(field) is not { } text)
        {
            return null;
        }

        try
        {
            return Data.Expression.Parse(text);
        }
        catch (FormatException)
        {
            Wrong("Value is not a valid JSONPath or intrinsic function call", field);
            return null;
        }
    }

    public Template? Template(string field)
    {
        var value = Any(field);
        if (!value.IsDefined())
        {
            return null;
        }

        try
        {
            return Data.Template.Parse(value);
        }
        catch (FormatException wrong)
        {
            Wrong(wrong.Message, field);
            return null;
        }
    }

    /// <summary>A field whose texts may be JSONata.</summary>
    /// <param name="prefix">Where this object is in its state, such as <c>Catch[0]/</c>.</param>
    public JsonataTemplate? Jsonata(string field, JsonataPlace place = JsonataPlace.Before, string prefix = "")
    {
        var value = Any(field);
        if (field == "Assign" && value.IsDefined() && value.ValueKind != JsonValueKind.Object)
        {
            Wrong("Expected value of type Object", field);
            return null;
        }

        return value.IsDefined() ? JsonataTemplate.Read(this, value, field, prefix, place) : null;
    }

    /// <summary>A field that is one JSONata expression, where it is one; what is none is read as in the other language.</summary>
    public JsonataField? JsonataOnly(string field, string prefix = "")
    {
        if (
            Language != QueryLanguage.Jsonata
            || !Has(field)
            || !Source.TryGetProperty(field, out var value)
            || !JsonataField.IsExpression(value)
        )
        {
            return null;
        }

        Ignore([field]);
        return JsonataReader.Read(this, value, field, prefix, JsonataPlace.Before);
    }

    /// <summary>Notes every field that nothing asked for.</summary>
    public void NoOthers()
    {
        foreach (var property in Source.EnumerateObject())
        {
            if (!_read.Contains(property.Name))
            {
                Wrong($"Field '{property.Name}' is not supported");
                Diagnostics[^1] = Diagnostics[^1] with { Field = $"{Location}/{property.Name}" };
            }
        }
    }

    private JsonElement Typed(string field, JsonValueKind kind, string name)
    {
        var value = Any(field);
        if (value.IsDefined() && value.ValueKind != kind)
        {
            Wrong($"Expected value of type {name}", field);
        }

        return value.ValueKind == kind ? value : default;
    }
}

/// <summary>A field that can be absent, null, or there.</summary>
internal readonly record struct Optional<T>(bool IsSet, T? Value)
    where T : class;
