using Disa.Emulator.Aws;
using Disa.Emulator.Rooms;
using Disa.Emulator.Store;

namespace Disa.Emulator.DynamoDb;

internal sealed record TagResourceRequest(string? ResourceArn, List<Tag>? Tags);

internal sealed record UntagResourceRequest(string? ResourceArn, List<string>? TagKeys);

internal sealed record ListTagsOfResourceRequest(string? ResourceArn, string? NextToken);

internal sealed record ListTagsOfResourceResponse(List<Tag> Tags, string? NextToken);

/// <summary>TagResource, UntagResource and ListTagsOfResource.</summary>
internal sealed class Tags(Database database, Tables tables, Listings lists)
{
    private const int MaxTags = 50;

    public Task Tag(TagResourceRequest request, Caller caller, CancellationToken cancellation)
    {
        new Checks().NotNull("resourceArn", request.ResourceArn).NotNull("tags", request.Tags).Throw();
        if (request.Tags!.Count == 0)
        {
            throw Errors.Validation("Atleast one Tag needs to be provided as Input.");
        }

        request.Tags.ForEach(TableChecks.TagCheck);
        return Change(
            request.ResourceArn!,
            caller,
            tags => [.. tags.Where(tag => request.Tags.TrueForAll(other => other.Key != tag.Key)), .. request.Tags]
        );
    }

    public Task Untag(UntagResourceRequest request, Caller caller, CancellationToken cancellation)
    {
        new Checks().NotNull("resourceArn", request.ResourceArn).NotNull("tagKeys", request.TagKeys).Throw();
        if (request.TagKeys!.Count == 0)
        {
            throw Errors.Validation("Atleast one Tag Key needs to be provided as Input.");
        }

        return Change(request.ResourceArn!, caller, tags => [.. tags.Where(tag => !request.TagKeys.Contains(tag.Key!))]);
    }

    public ListTagsOfResourceResponse List(ListTagsOfResourceRequest request, Caller caller)
    {
        new Checks().NotNull("resourceArn", request.ResourceArn).Throw();
        var name = Name(request.ResourceArn!);
        var scope = Tables.ScopeOf(caller.Scope, request.ResourceArn);
        var table = tables.Shelf.Get(scope, name) ?? throw NotFound(request.ResourceArn!);
        lists.OnePage(request.NextToken);
        return new ListTagsOfResourceResponse(table.Tags, null);
    }

    private Task Change(string arn, Caller caller, Func<List<Tag>, List<Tag>> change) =>
        database.Write(transaction =>
        {
            var scope = Tables.ScopeOf(caller.Scope, arn);
            var table = tables.Look(transaction, scope, Name(arn), looked: false) ?? throw NotFound(arn);
            var tags = change(table.Tags);
            if (tags.Count > MaxTags)
            {
                throw Errors.Validation("The number of tags exceeds the limit of 50 tags.");
            }

            tables.Shelf.Put(transaction, scope, table.Name, table with { Tags = tags });
        });

    private static string Name(string arn) =>
        Arn.TryParse(arn) is { Service: "dynamodb" } parsed && parsed.Resource.StartsWith("table/", StringComparison.Ordinal)
            ? Tables.NameOf(arn)
            : throw Errors.Validation($"Invalid TableArn: Invalid ResourceArn provided as input {arn}");

    private static AwsException NotFound(string arn) => Errors.ResourceNotFound($"ResourcArn: {arn} not found");
}
