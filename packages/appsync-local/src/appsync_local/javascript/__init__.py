"""APPSYNC_JS: the code of resolvers, checked when the template is read and evaluated by QuickJS; knows no GraphQL."""
