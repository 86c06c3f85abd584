using System.Text.Json;
using Disa.Asl.Data;

namespace Disa.Asl;

internal enum QueryLanguage
{
    JsonPath,
    Jsonata,
}

/// <summary>The query languages of a definition: that of the machine, and of single states of a JSONPath machine.</summary>
/// <remarks>Rules and words were measured on AWS with ValidateStateMachineDefinition.</remarks>
internal static class Languages
{
    private static readonly string[] OnlyJsonPath =
    [
        "InputPath",
        "OutputPath",
        "ResultPath",
        "Parameters",
        "ResultSelector",
        "Result",
        "ItemsPath",
        "SecondsPath",
        "TimestampPath",
        "TimeoutSecondsPath",
        "HeartbeatSecondsPath",
        "MaxConcurrencyPath",
        "ToleratedFailureCountPath",
        "ToleratedFailurePercentagePath",
        "ErrorPath",
        "CausePath",
    ];

    private static readonly string[] OnlyJsonata = ["Arguments", "Output", "Items"];

    /// <summary>What is written there; anything but JSONPath, right or wrong, is JSONata.</summary>
    public static QueryLanguage Read(DefinitionReader reader, QueryLanguage otherwise = QueryLanguage.JsonPath)
    {
        var value = reader.Any("QueryLanguage");
        if (!value.IsDefined())
        {
            return otherwise;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            reader.Wrong("Expected value of type [STRING]", "QueryLanguage");
        }
        else if (value.GetString() is not ("JSONPath" or "JSONata"))
        {
            reader.Wrong("Value should be one of the following: [JSONPath, JSONata]", "QueryLanguage");
        }

        return value.ValueKind == JsonValueKind.String && value.GetString() == "JSONPath" ? QueryLanguage.JsonPath : QueryLanguage.Jsonata;
    }

    /// <summary>A state's language, with the fields of the other one refused.</summary>
    public static QueryLanguage OfState(DefinitionReader reader)
    {
        var language = Read(reader, reader.MachineLanguage);
        if (language == QueryLanguage.JsonPath && reader.MachineLanguage == QueryLanguage.Jsonata)
        {
            reader.Wrong("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
            reader.Ignore(OnlyJsonata);
            return language;
        }

        Refuse(reader, language);
        return language;
    }

    /// <summary>Refuses the fields of the other language, in a state or in a part of one.</summary>
    public static void Refuse(DefinitionReader reader, QueryLanguage language)
    {
        var (own, other, fields) =
            language == QueryLanguage.Jsonata ? ("JSONata", "JSONPath", OnlyJsonPath) : ("JSONPath", "JSONata", OnlyJsonata);
        foreach (var field in fields.Where(reader.Has))
        {
            reader.Wrong($"The QueryLanguage is set to '{own}', but field '{field}' is only supported for the '{other}' QueryLanguage");
        }

        reader.Ignore(fields);
    }
}
