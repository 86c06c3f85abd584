using Disa.Emulator.Aws;

namespace Disa.Emulator.CloudFormation;

internal sealed record ListExportsRequest(string? NextToken = null);

internal sealed record ListExportsResponse(List<Export> Exports, string? NextToken);

internal sealed record Export(string ExportingStackId, string Name, string Value);

/// <summary>Lists the exports of an account and Region, a page of a hundred at a time.</summary>
internal static class ListExports
{
    public static ListExportsResponse Run(ListExportsRequest request, Caller caller, StackStore store)
    {
        var exports = store
            .Exports(null, caller.Scope)
            .Select(e => new Export(e.Stack.Id, e.Output.ExportName!, e.Output.OutputValue))
            .OrderBy(e => e.Name, StringComparer.Ordinal);
        var (page, next) = store.Lists.Of("ListExports", caller.Scope).Page(exports, e => e.Name, StackStore.PageSize, request.NextToken);
        return new(page, next);
    }
}
