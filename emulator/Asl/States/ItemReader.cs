using System.Text.Json;
using Disa.Asl.Data;

namespace Disa.Asl.States;

/// <summary>Where a distributed Map has its items from, other than from its input.</summary>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html</remarks>
internal sealed class ItemReader
{
    private static readonly string[] Resources = ["s3:getObject", "s3:listObjectsV2"];

    private readonly string _resource;
    private readonly Template? _parameters;
    private readonly JsonataTemplate? _arguments;
    private readonly string? _inputType;
    private readonly IReadOnlyList<string>? _headers;
    private readonly char _delimiter = ',';
    private readonly string? _pointer;
    private readonly bool _flattens;
    private readonly int? _maxItems;
    private readonly JsonPath? _maxItemsPath;
    private readonly JsonataField? _maxItemsField;

    private ItemReader(DefinitionReader reader)
    {
        reader.Require("Resource");
        _resource = reader.String("Resource") ?? "";
        if (_resource.Length > 0 && !Resources.Contains(TaskResource.Action(_resource)))
        {
            reader.Refuse($"the ItemReader {_resource}", "Resource");
        }

        if (reader.Language == QueryLanguage.Jsonata)
        {
            _arguments = reader.Jsonata("Arguments", prefix: "ItemReader/");
        }
        else
        {
            _parameters = reader.Template("Parameters");
        }

        Languages.Refuse(reader, reader.Language);
        var config = reader.Object("ReaderConfig");
        if (config.ValueKind != JsonValueKind.Object)
        {
            reader.NoOthers();
            return;
        }

        var inner = reader.Inner("ReaderConfig", config);
        _inputType = inner.String("InputType");
        if (_inputType is "PARQUET")
        {
            inner.Refuse("the InputType PARQUET of an ItemReader", "InputType");
        }
        else if (_inputType is not (null or "CSV" or "JSON" or "JSONL" or "MANIFEST"))
        {
            inner.Wrong("Value must be one of: [CSV, JSON, JSONL, MANIFEST, PARQUET]", "InputType");
        }

        if (inner.String("ManifestType") is { } manifest && manifest != "S3_INVENTORY")
        {
            inner.Refuse($"the ManifestType {manifest} of an ItemReader", "ManifestType");
        }

        _headers = Headers(inner);
        _delimiter = Delimiter(inner);
        _pointer = inner.String("ItemsPointer");
        _flattens = Flattens(inner);
        _maxItemsField = inner.JsonataOnly("MaxItems", "ItemReader/ReaderConfig/");
        _maxItems = inner.Integer("MaxItems", 0, 100_000_000);
        _maxItemsPath = inner.Path("MaxItemsPath");
        if (_maxItems is not null && _maxItemsPath is not null)
        {
            inner.Wrong("Only one of these fields is allowed: [MaxItems, MaxItemsPath]");
        }

        inner.NoOthers();
        reader.NoOthers();
    }

    public static ItemReader? Read(DefinitionReader reader) =>
        reader.Object("ItemReader") is { ValueKind: JsonValueKind.Object } source
            ? new ItemReader(reader.Inner("ItemReader", source))
            : null;

    public ReaderOrder Order(Scope input) =>
        new()
        {
            Resource = _resource,
            Arguments = _arguments?.Evaluate(input) ?? _parameters?.Evaluate(input) ?? Json.EmptyObject,
            InputType = _inputType,
            Headers = _headers,
            Delimiter = _delimiter,
            ItemsPointer = _pointer,
            Flattens = _flattens,
            MaxItems = MaxItems(input),
        };

    private int MaxItems(Scope input)
    {
        if (_maxItemsPath is null)
        {
            return _maxItems ?? _maxItemsField?.Integer(input, 0) ?? 0;
        }

        var value = WaitState.Referenced(_maxItemsPath, input, "MaxItemsPath");
        return MapInput.Whole(value) is { } most
            ? most
            : throw new WorkflowException(
                WorkflowError.ItemReaderFailed,
                $"The MaxItemsPath field refers to value {Json.Compact(value)} which is not a valid integer: {_maxItemsPath.Text}"
            );
    }

    private static IReadOnlyList<string>? Headers(DefinitionReader config)
    {
        var location = config.String("CSVHeaderLocation");
        if (location is not (null or "FIRST_ROW" or "GIVEN"))
        {
            config.Wrong("Value must be one of: [FIRST_ROW, GIVEN]", "CSVHeaderLocation");
        }

        if (location == "GIVEN")
        {
            config.Require("CSVHeaders");
        }

        var headers = config.Strings("CSVHeaders");
        return location == "GIVEN" ? headers : null;
    }

    private static char Delimiter(DefinitionReader config)
    {
        switch (config.String("CSVDelimiter"))
        {
            case null or "COMMA":
                return ',';
            case "PIPE":
                return '|';
            case "SEMICOLON":
                return ';';
            case "SPACE":
                return ' ';
            case "TAB":
                return '\t';
            default:
                config.Wrong("Value must be one of: [COMMA, PIPE, SEMICOLON, SPACE, TAB]", "CSVDelimiter");
                return ',';
        }
    }

    private static bool Flattens(DefinitionReader config)
    {
        var transformation = config.String("Transformation");
        if (transformation is not (null or "NONE" or "LOAD_AND_FLATTEN"))
        {
            config.Wrong("Value must be one of: [NONE, LOAD_AND_FLATTEN]", "Transformation");
        }

        return transformation == "LOAD_AND_FLATTEN";
    }
}
