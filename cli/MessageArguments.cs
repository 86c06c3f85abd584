using System.CommandLine;

namespace Disa.Cli;

/// <summary>A message's id on the command line.</summary>
internal static class MessageArguments
{
    public static readonly Argument<string> Id = new("ID")
    {
        Description =
            "The item's key (a binary key in base64); for a composite key, the value of the partition key, or the whole key in DynamoDB JSON, as `disa messages` shows it",
    };

    public static readonly Argument<string?> Sort = new("SORT")
    {
        Description = "The value of the sort key, if the table has one; ID is then the value of the partition key",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>The id that was typed, written as all commands write it.</summary>
    /// <exception cref="UsageException">It is not a key of this table.</exception>
    public static string Of(ParseResult parsed, Deployment deployment) =>
        MessageId.Key(parsed.GetValue(Id)!, parsed.GetValue(Sort), deployment).Id;
}
