resource "aws_api_gateway_rest_api" "api" {
  name = "api"

  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Principal = "*"
      Action    = "execute-api:Invoke"
      Resource  = "execute-api:/*"
      Condition = {
        StringEquals = { "aws:PrincipalOrgID" = "o-trusted01" }
        StringLike   = { "aws:PrincipalArn" = "arn:aws:iam::*:user/$${aws:username}" } # expect: variable-ineffective medium at "arn:aws:iam::*:user/$${aws:username}"
      }
    }]
  })
}

resource "aws_api_gateway_method" "get" {
  rest_api_id   = aws_api_gateway_rest_api.api.id
  resource_id   = aws_api_gateway_rest_api.api.root_resource_id
  http_method   = "GET"
  authorization = "AWS_IAM"
}
