using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.DynamoDb;

/// <summary>The exports of tables; they stay when their table goes.</summary>
internal sealed class ExportStore(Database database)
{
    public Shelf<ExportDocument> Shelf { get; } = new(database, "dynamodb.export", DynamoDbDocuments.Default.ExportDocument);

    /// <summary>Called when there is something to write.</summary>
    public Action Changed { get; set; } = () => { };

    public void Put(Transaction transaction, Scope scope, ExportDocument export) =>
        Shelf.Put(transaction, scope, Aws.Arn.Parse(export.Arn).Resource, export);

    /// <exception cref="AwsException">ExportNotFoundException.</exception>
    public ExportDocument Find(Scope scope, string arn) =>
        Arn.TryParse(arn) is { Service: "dynamodb" } parsed && parsed.Scope == scope && Shelf.Get(scope, parsed.Resource) is { } export
            ? export
            : throw new AwsException("ExportNotFoundException", $"Export not found: {arn}");
}
