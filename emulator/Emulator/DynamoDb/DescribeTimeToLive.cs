using Disa.Emulator.Aws;

namespace Disa.Emulator.DynamoDb;

internal sealed record DescribeTimeToLiveRequest(string? TableName);

internal sealed record DescribeTimeToLiveResponse(TimeToLiveDescription TimeToLiveDescription);

internal sealed record TimeToLiveDescription(string TimeToLiveStatus, string? AttributeName);

/// <summary>Whether items expire, and by which attribute.</summary>
internal sealed class DescribeTimeToLive(Tables tables)
{
    public DescribeTimeToLiveResponse Run(DescribeTimeToLiveRequest request, Caller caller)
    {
        new Checks().Table(request.TableName).Throw();
        var name = Tables.NameOf(request.TableName!);
        var table = tables.Shelf.Get(caller.Scope, name) ?? throw Errors.TableNotFound(name);
        return new DescribeTimeToLiveResponse(
            new TimeToLiveDescription(table.TimeToLiveAttribute is null ? "DISABLED" : "ENABLED", table.TimeToLiveAttribute)
        );
    }
}
