using System.Globalization;
using System.Text.Json;
using Disa.Asl.Data;

namespace Disa.Asl.States;

/// <summary>What a Map of either mode iterates over, what each iteration is given of it, and how many may run or fail.</summary>
internal sealed class MapInput
{
    private readonly bool _isJsonata;
    private readonly bool _takesObjects;
    private readonly JsonPath? _itemsPath;
    private readonly JsonataTemplate? _items;
    private readonly JsonataField? _itemsField;
    private readonly Template? _selector;
    private readonly JsonataTemplate? _itemTemplate;
    private readonly int? _concurrency;
    private readonly JsonPath? _concurrencyPath;
    private readonly JsonataField? _concurrencyField;

    /// <param name="takesObjects">A distributed Map also iterates over an object, which an inline one refuses (recorded on AWS).</param>
    public MapInput(DefinitionReader reader, bool takesObjects)
    {
        _isJsonata = reader.Language == QueryLanguage.Jsonata;
        _takesObjects = _isJsonata && takesObjects;
        _itemsPath = reader.Path("ItemsPath");
        if (_isJsonata)
        {
            _itemsField = reader.JsonataOnly("Items");
            _items = reader.Jsonata("Items");
            _itemTemplate = reader.Jsonata("ItemSelector");
            var items = reader.Any("Items");
            if (items.IsDefined() && items.ValueKind != JsonValueKind.Array && !(takesObjects && items.ValueKind == JsonValueKind.Object))
            {
                reader.Wrong("Expected value of type Array", "Items");
            }
        }
        else
        {
            _selector = reader.Template(reader.Has("ItemSelector") ? "ItemSelector" : "Parameters");
        }

        _concurrencyField = reader.JsonataOnly("MaxConcurrency");
        _concurrency = reader.Integer("MaxConcurrency", 0, TaskState.LongestTimeout);
        _concurrencyPath = reader.Path("MaxConcurrencyPath");
        Tolerance = new FailureTolerance(reader);
    }

    public FailureTolerance Tolerance { get; }

    public bool HasSelector => _selector is not null || _itemTemplate is not null;

    /// <summary>An array; an object's members become <c>{"Key", "Value"}</c> each.</summary>
    public (JsonElement Items, bool IsKeyed) Items(Scope input)
    {
        var items = Read(input);
        return items.ValueKind switch
        {
            JsonValueKind.Array => (items, false),
            JsonValueKind.Object when _takesObjects => (Json.Array(items.EnumerateObject().Select(Pair)), true),
            _ => throw NotIterable(items),
        };
    }

    /// <summary>Null where the item itself is the iteration's input.</summary>
    public JsonElement? Selected(Scope scope) => _itemTemplate?.Evaluate(scope) ?? _selector?.Evaluate(scope);

    /// <summary>0 where nothing limits it.</summary>
    public int Concurrency(Scope input)
    {
        var most = _concurrency ?? _concurrencyField?.Integer(input, 0) ?? 0;
        if (_concurrencyPath is not null)
        {
            var value = WaitState.Referenced(_concurrencyPath, input, "MaxConcurrencyPath");
            most = Whole(value) is >= 0 and var read
                ? read
                : throw WorkflowException.Runtime(
                    $"The MaxConcurrencyPath field refers to value \"{WaitState.Shown(value)}\" which is not a valid integer: {_concurrencyPath.Text}"
                );
        }

        if (input.Moment.Inspection is { } inspection)
        {
            inspection.MaxConcurrency = most;
        }

        return most;
    }

    /// <summary>A text that is a number will do (recorded on AWS).</summary>
    internal static int? Whole(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetInt32(out var number) => number,
            JsonValueKind.String
                when int.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
            _ => null,
        };

    internal static JsonElement Pair(JsonProperty member) =>
        Json.Write(w =>
        {
            w.WriteStartObject();
            w.WriteString("Key", member.Name);
            w.WritePropertyName("Value");
            member.Value.WriteTo(w);
            w.WriteEndObject();
        });

    private WorkflowException NotIterable(JsonElement items) =>
        _isJsonata
            ? new WorkflowException(WorkflowError.QueryEvaluationError, $"Map state input must be an array but was: {Json.Compact(items)}")
            : WorkflowException.Runtime($"Reference path \"{Shown(_itemsPath?.Text ?? "$")}\" must point to array.");

    /// <summary>A path into the context object is shown as if it began there (recorded on AWS).</summary>
    private static string Shown(string path) => path.StartsWith("$$", StringComparison.Ordinal) ? path[1..] : path;

    private JsonElement Read(Scope input)
    {
        if (_itemsField is not null)
        {
            var items = _itemsField.Evaluate(input);
            return _takesObjects && items.ValueKind == JsonValueKind.Object ? items : _itemsField.Evaluate(input, "array");
        }

        if (_items is not null)
        {
            return _items.Evaluate(input);
        }

        try
        {
            return _itemsPath?.Read(input) ?? input.Input;
        }
        catch (PathException) when (_itemsPath is { IsReference: true, Segments: [.., var last] })
        {
            throw new WorkflowException(WorkflowError.ReferencePathConflict, ReferencePath.Conflict(last, input.Input));
        }
    }
}

/// <summary>One item at hand, as the context object shows it.</summary>
/// <param name="Key">Of a member of an object; null of an item of an array.</param>
/// <param name="Source">Where a distributed Map has it from; null in an inline one.</param>
internal readonly record struct ItemAtHand(int Index, JsonElement Value, string? Key = null, string? Source = null);
