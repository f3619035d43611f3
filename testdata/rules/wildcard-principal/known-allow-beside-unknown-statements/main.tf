variable "statements" {
  type = any
}

resource "aws_api_gateway_rest_api" "api" {
  name = "api"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(var.statements, [ # expect: wildcard-principal medium possible
      {
        Effect    = "Allow"
        Principal = "*" # expect: wildcard-principal critical at "*"
        Action    = "execute-api:Invoke"
        Resource  = "execute-api:/*"
      },
    ])
  })
}
