using Disa.Emulator.Aws;

namespace Disa.Emulator.Lambda;

/// <summary>The rights that Lambda's operations need, on the function and as its policy says.</summary>
/// <remarks>https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html</remarks>
internal sealed class FunctionRights(FunctionStore functions, MappingStore mappings)
{
    public IReadOnlyList<Access>? Of(string operation, object request, Caller caller) => request switch
    {
        ListFunctionsRequest or GetAccountSettingsRequest or ListEventSourceMappingsRequest => [new("lambda:" + operation, "*")],
        InvokeRequest invoke => [ToInvoke(invoke.FunctionName, invoke.Qualifier, caller)],
        CreateFunctionRequest create => [On(operation, create.FunctionName, caller), .. Passed(create.Role)],
        UpdateFunctionConfigurationRequest update => [On(operation, update.FunctionName, caller), .. Passed(update.Role)],
        GetFunctionRequest one => [On(operation, one.FunctionName, caller, one.Qualifier)],
        UpdateFunctionCodeRequest one => [On(operation, one.FunctionName, caller)],
        DeleteFunctionRequest one => [On(operation, one.FunctionName, caller, one.Qualifier)],
        PublishVersionRequest one => [On(operation, one.FunctionName, caller)],
        ListVersionsByFunctionRequest one => [On(operation, one.FunctionName, caller)],
        CreateAliasRequest one => [On(operation, one.FunctionName, caller)],
        UpdateAliasRequest one => [On(operation, one.FunctionName, caller)],
        AliasRequest one => [On(operation, one.FunctionName, caller)],
        ListAliasesRequest one => [On(operation, one.FunctionName, caller)],
        AddPermissionRequest one => [On(operation, one.FunctionName, caller)],
        RemovePermissionRequest one => [On(operation, one.FunctionName, caller)],
        FunctionRequest one => [On(operation, one.FunctionName, caller)],
        PutFunctionConcurrencyRequest one => [On(operation, one.FunctionName, caller)],
        PutFunctionEventInvokeConfigRequest one => [On(operation, one.FunctionName, caller)],
        ListFunctionEventInvokeConfigsRequest one => [On(operation, one.FunctionName, caller)],
        CreateEventSourceMappingRequest create => [Mapping(operation, "*", create.FunctionName, caller), .. Foreign(operation, create.FunctionName, caller)],
        UpdateEventSourceMappingRequest update => [Mapping(operation, update.Id, null, caller), .. Foreign(operation, update.FunctionName, caller)],
        EventSourceMappingRequest one => [Mapping(operation, one.Id, null, caller)],
        TagResourceRequest tag => [new("lambda:" + operation, tag.Resource ?? "")],
        UntagResourceRequest tag => [new("lambda:" + operation, tag.Resource ?? "")],
        ListTagsRequest tag => [new("lambda:" + operation, tag.Resource ?? "")],
        _ => null,
    };

    /// <summary>The right to invoke a function, its version or its alias: each has a policy of its own.</summary>
    public Access ToInvoke(string? functionName, string? qualifier, Caller caller)
    {
        try
        {
            var reference = FunctionReference.Parse(functionName, qualifier, caller.Scope);
            return new("lambda:InvokeFunction", reference.Arn)
            {
                Policy = functions.Functions.Get(reference.Scope, reference.Name) is { } function ? Permissions.Document(function, reference) : null,
                Denied = Denied,
            };
        }
        catch (AwsException)
        {
            return new("lambda:InvokeFunction", PolicyRequest.AnyResource);
        }
    }

    public static AwsException Denied(string message) => new("AccessDeniedException", message, 403);

    private static Access On(string operation, string? functionName, Caller caller, string? qualifier = null)
    {
        try
        {
            return new("lambda:" + operation, FunctionReference.Parse(functionName, qualifier, caller.Scope).Arn);
        }
        catch (AwsException)
        {
            return new("lambda:" + operation, PolicyRequest.AnyResource);
        }
    }

    private static Access[] Passed(string? role) => role is null ? [] : [Access.PassRole(role, "lambda.amazonaws.com")];

    /// <summary>A mapping is for functions of its own account.</summary>
    private static Access[] Foreign(string operation, string? functionName, Caller caller) =>
        functionName is not null && On(operation, functionName, caller) is var access && !Arn.AccountOf(access.Resource).IsEmpty && !Arn.AccountOf(access.Resource).SequenceEqual(caller.Account)
            ? [access] : [];

    private Access Mapping(string operation, string? id, string? functionName, Caller caller)
    {
        var function = functionName is null ? mappings.Mappings.Get(caller.Scope, id ?? "")?.FunctionArn : On(operation, functionName, caller).Resource;
        return new("lambda:" + operation, Arn.Of("lambda", caller.Scope, "event-source-mapping:" + id)) { Facts = function is null ? [] : [("lambda:FunctionArn", function)] };
    }
}
