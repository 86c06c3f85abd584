using Disa.Emulator.Aws;
using Disa.Emulator.Store;

namespace Disa.Emulator.DynamoDb;

internal sealed record DescribeTableRequest(string? TableName);

internal sealed record DescribeTableResponse(TableDescription Table);

/// <summary>Describes a table. A pending change of its status is made first.</summary>
internal sealed class DescribeTable(Database database, Tables tables)
{
    public async Task<DescribeTableResponse> Run(DescribeTableRequest request, Caller caller, CancellationToken cancellation)
    {
        new Checks().Table(request.TableName).Throw();
        var document = await tables.Describe(caller.Scope, request.TableName!).ConfigureAwait(false);
        return new DescribeTableResponse(database.Read(transaction => TableDescription.Of(document, transaction)));
    }
}
