using System.Text.Json;
using Disa.Asl.Data;

namespace Disa.Asl.States;

/// <summary>In which form a distributed Map has its results, and where it exports them to.</summary>
/// <remarks>https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html</remarks>
internal sealed class ResultWriter
{
    private readonly string? _resource;
    private readonly Template? _parameters;
    private readonly JsonataTemplate? _arguments;
    private readonly string? _transformation;
    private readonly bool _isLines;

    private ResultWriter(DefinitionReader reader)
    {
        _resource = reader.String("Resource");
        if (_resource is not null && TaskResource.Action(_resource) != "s3:putObject")
        {
            reader.Refuse($"the ResultWriter {_resource}", "Resource");
        }

        var field = reader.Language == QueryLanguage.Jsonata ? "Arguments" : "Parameters";
        var hasParameters = reader.Has(field);
        if (reader.Language == QueryLanguage.Jsonata)
        {
            _arguments = reader.Jsonata("Arguments", prefix: "ResultWriter/");
        }
        else
        {
            _parameters = reader.Template("Parameters");
        }

        Languages.Refuse(reader, reader.Language);
        var config = reader.Object("WriterConfig");
        if ((_resource is null) != !hasParameters || (_resource is null && config.ValueKind != JsonValueKind.Object))
        {
            reader.Require(
                _resource is null && hasParameters ? "Resource"
                : _resource is null ? "WriterConfig"
                : field
            );
        }

        if (config.ValueKind == JsonValueKind.Object)
        {
            var inner = reader.Inner("WriterConfig", config);
            _transformation = inner.String("Transformation");
            if (_transformation is not (null or "NONE" or "COMPACT" or "FLATTEN"))
            {
                inner.Wrong("Value must be one of: [NONE, COMPACT, FLATTEN]", "Transformation");
            }

            var type = inner.String("OutputType");
            if (type is not (null or "JSON" or "JSONL"))
            {
                inner.Wrong("Value must be one of: [JSON, JSONL]", "OutputType");
            }

            _isLines = type == "JSONL";
            inner.NoOthers();
        }

        reader.NoOthers();
    }

    public static ResultWriter? Read(DefinitionReader reader) =>
        reader.Object("ResultWriter") is { ValueKind: JsonValueKind.Object } source
            ? new ResultWriter(reader.Inner("ResultWriter", source))
            : null;

    public WriterOrder Order(Scope input)
    {
        var arguments = _resource is null ? default : _arguments?.Evaluate(input) ?? _parameters!.Evaluate(input);
        return new WriterOrder
        {
            Bucket = _resource is null ? null : Text(arguments, "Bucket") ?? "",
            Prefix = Text(arguments, "Prefix"),
            Transformation = _transformation ?? (_resource is null ? "COMPACT" : "NONE"),
            IsLines = _isLines,
        };
    }

    private static string? Text(JsonElement arguments, string name) =>
        arguments.ValueKind == JsonValueKind.Object
        && arguments.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
