using System.Text.Json;
using Disa.Asl.Data;

namespace Disa.Asl.States;

/// <summary>How many items go to one child execution.</summary>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html</remarks>
internal sealed class ItemBatcher
{
    private readonly Limit _items;
    private readonly Limit _bytes;
    private readonly Template? _input;
    private readonly JsonataTemplate? _template;

    private ItemBatcher(DefinitionReader reader)
    {
        _items = new Limit(reader, "MaxItemsPerBatch", 100_000_000);
        _bytes = new Limit(reader, "MaxInputBytesPerBatch", Json.PayloadLimit);
        if (reader.Language == QueryLanguage.Jsonata)
        {
            _template = reader.Jsonata("BatchInput", prefix: "ItemBatcher/");
        }
        else
        {
            _input = reader.Template("BatchInput");
        }

        if (!_items.IsSet && !_bytes.IsSet)
        {
            reader.Wrong(
                "One of these fields is required: [MaxItemsPerBatch, MaxItemsPerBatchPath, MaxInputBytesPerBatch, MaxInputBytesPerBatchPath]"
            );
        }

        reader.NoOthers();
    }

    public static ItemBatcher? Read(DefinitionReader reader) =>
        reader.Object("ItemBatcher") is { ValueKind: JsonValueKind.Object } source
            ? new ItemBatcher(reader.Inner("ItemBatcher", source))
            : null;

    public BatchOrder Order(Scope input) =>
        new()
        {
            MaxItems = _items.Value(input),
            MaxBytes = _bytes.Value(input),
            Input = _template?.Evaluate(input) ?? _input?.Evaluate(input) ?? default,
        };

    /// <summary>The inputs of the child executions: as many items each as fit.</summary>
    public static IEnumerable<ChildInput> Batches(BatchOrder order, IEnumerable<JsonElement> items)
    {
        var overhead = Json.Size(Input(order, []));
        var batch = new List<JsonElement>();
        var bytes = overhead;
        foreach (var item in items)
        {
            var size = Json.Size(item) + (batch.Count > 0 ? 1 : 0);
            if (batch.Count > 0 && (batch.Count == order.MaxItems || bytes + size > (order.MaxBytes ?? Json.PayloadLimit)))
            {
                yield return new ChildInput(Input(order, batch), batch.Count);
                batch.Clear();
                bytes = overhead;
                size = Json.Size(item);
            }

            batch.Add(item);
            bytes += size;
        }

        if (batch.Count > 0)
        {
            yield return new ChildInput(Input(order, batch), batch.Count);
        }
    }

    private static JsonElement Input(BatchOrder order, IReadOnlyList<JsonElement> items) =>
        Json.Write(w =>
        {
            w.WriteStartObject();
            if (order.Input.IsDefined())
            {
                w.WritePropertyName("BatchInput");
                order.Input.WriteTo(w);
            }

            w.WriteStartArray("Items");
            foreach (var item in items)
            {
                item.WriteTo(w);
            }

            w.WriteEndArray();
            w.WriteEndObject();
        });

    /// <summary>A limit that is a number, a path to one, or an expression.</summary>
    private sealed class Limit
    {
        private readonly string _name;
        private readonly int? _number;
        private readonly JsonPath? _path;
        private readonly JsonataField? _field;

        public Limit(DefinitionReader reader, string name, int most)
        {
            _name = name;
            _field = reader.JsonataOnly(name, "ItemBatcher/");
            _number = reader.Integer(name, 1, most);
            _path = reader.Path(name + "Path");
            if (_number is not null && _path is not null)
            {
                reader.Wrong($"Only one of these fields is allowed: [{name}, {name}Path]");
            }
        }

        public bool IsSet => _number is not null || _path is not null || _field is not null;

        public int? Value(Scope input)
        {
            if (_path is null)
            {
                return _number ?? _field?.Integer(input, 1);
            }

            var value = WaitState.Referenced(_path, input, _name + "Path");
            return MapInput.Whole(value) is > 0 and var limit
                ? limit
                : throw WorkflowException.Runtime(
                    $"The {_name}Path field refers to value {Json.Compact(value)} which is not a valid integer: {_path.Text}"
                );
        }
    }
}
